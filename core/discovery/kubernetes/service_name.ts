/**
 * How a service of Kubernetes is named here.
 *
 * @module
 */

/** A service of Kubernetes. */
export interface KubernetesService {
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly service: string;
  /** The port of its pods; 0 for the first that they have. */
  readonly port: number;
}

/**
 * Reads `namespace/service:port`. The namespace is `default` and the port 0 if they are left out.
 *
 * @throws {SyntaxError} If it is no such name.
 */
export function parseServiceName(name: string): KubernetesService {
  const match = /^(?:([a-z0-9-]+)\/)?([a-z0-9-]+)(?::(\d{1,5}))?$/.exec(name);
  if (!match) {
    throw new SyntaxError(`Cannot find service "${name}": need namespace/service:port`);
  }
  const [, namespace = "default", service, port = "0"] = match;
  return { namespace, service: service!, port: Number(port) };
}
