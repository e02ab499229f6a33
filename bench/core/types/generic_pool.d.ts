// What the comparison calls. The package's own types bring those of Node, which change the global `Event`.

interface Factory<T> {
  create(): Promise<T>;
  destroy(resource: T): Promise<void>;
}

interface Pool<T> {
  use<R>(fn: (resource: T) => PromiseLike<R>): Promise<R>;
  drain(): Promise<void>;
  clear(): Promise<void>;
}

export function createPool<T>(factory: Factory<T>, options: { max: number }): Pool<T>;
