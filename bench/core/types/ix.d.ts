// What the comparison calls. The package's own types bring those of Node, which change the global `Event`.

export type Operator<I, O> = (items: AsyncIterable<I>) => AsyncIterableX<O>;

export interface AsyncIterableX<T> extends AsyncIterable<T> {
  pipe<A>(first: Operator<T, A>): AsyncIterableX<A>;
  pipe<A, B>(first: Operator<T, A>, second: Operator<A, B>): AsyncIterableX<B>;
}

export function from<T>(items: AsyncIterable<T>): AsyncIterableX<T>;
