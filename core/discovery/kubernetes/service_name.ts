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
  /** The port of its pods, by number or by the name that the service gives it; 0 for the first that they have. */
  readonly port: number | string;
}

/**
 * Reads `namespace/service:port`. The namespace is `default` and the port 0 if they are left out.
 *
 * @throws {SyntaxError} If it is no such name.
 */
export function parseServiceName(name: string): KubernetesService {
  const match = /^(?:([a-z0-9-]+)\/)?([a-z0-9-]+)(?::([a-z0-9-]+))?$/.exec(name);
  const [, namespace = "default", service, port = "0"] = match ?? [];
  const number = /^\d+$/.test(port) ? Number(port) : undefined;
  const isPort = number === undefined ? /[a-z]/.test(port) : number <= 65_535;
  if (service === undefined || !isPort) {
    throw new SyntaxError(`Cannot find service "${name}": need namespace/service:port`);
  }
  return { namespace, service, port: number ?? port };
}
