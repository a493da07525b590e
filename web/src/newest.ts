/**
 * Lets only the answer of the newest request count: `begin()` before asking gives a test for afterwards. Filters change and the log grows
 * while an answer is on its way.
 */
export function newestOnly() {
  let count = 0;
  return () => {
    count += 1;
    const own = count;
    return () => own === count;
  };
}
