/** What is told to others than the program: to who subscribes. Loaded with the root entry; while nobody asks, this is all. */
import { offerChannels } from "./channels.ts";

offerChannels();
