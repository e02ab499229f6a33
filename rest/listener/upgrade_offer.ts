/**
 * Requests whose connection may leave HTTP for another protocol.
 *
 * @module
 */

/** A connection that leaves HTTP: bytes both ways. */
export interface RawChannel {
  /** Bytes that were written and that the other side has not taken. */
  readonly bufferedBytes: number;
  /** Sends bytes. */
  write(bytes: Uint8Array): void;
  /** Closes when all is sent. */
  end(): void;
  /** Closes now. */
  destroy(): void;
}

/** What happens to a {@link RawChannel}. */
export interface RawChannelEvents {
  /** The answer that ends HTTP is out: bytes may be sent. */
  onOpen(): void;
  /** Bytes have come. They are the listener's again when this returns. */
  onBytes(bytes: Uint8Array): void;
  /** The connection is closed, or does not leave HTTP after all. Called once. */
  onClose(): void;
}

/** Takes the connection. It opens when the handler's answer, of status 101, is sent. */
export type TakeConnection = (events: RawChannelEvents) => RawChannel;

const offers = new WeakMap<Request, TakeConnection>();

/** Lets the handler of `request` take its connection. */
export function offerUpgrade(request: Request, take: TakeConnection): void {
  offers.set(request, take);
}

/** A way to take the connection of `request`, where a listener offers it. */
export function upgradeOffer(request: Request): TakeConnection | undefined {
  return offers.get(request);
}
