/** Polls a fact that other processes make true; fails with its name. */
export async function until(
  fact: () => Promise<boolean>,
  seconds = 20,
  name = 'fact',
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await fact())) {
    if (Date.now() > end) throw new Error(`${name} did not come within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
