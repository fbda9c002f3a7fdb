/** Waiting that ends. */

/** The promise's result, or `late()` when `ms` milliseconds pass first. The promise itself goes on. */
export function withDeadline<T>(promise: Promise<T>, ms: number, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(late())
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }, ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
