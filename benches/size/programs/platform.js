export async function profile(id, ms) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error("timed out")), ms);
  const get = async (kind) => {
    const response = await fetch(`/${kind}/${id}`, { signal: controller.signal });
    if (!response.ok) throw new Error(`${kind}: ${response.status}`);
    return response.json();
  };
  try {
    return await Promise.all(["user", "orders", "friends"].map(get));
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
