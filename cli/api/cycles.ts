/**
 * Cycles in a graph.
 *
 * @module
 */

/**
 * The sets of nodes that reach each other, as a number for each node: two nodes are on a common
 * cycle exactly when their numbers are equal. A loop, not a recursion, so chains may be long.
 *
 * @see Tarjan, Depth-first search and linear graph algorithms, 1972.
 */
export function components(
  nodes: Iterable<string>,
  edges: (node: string) => readonly string[],
): Map<string, number> {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const component = new Map<string, number>();
  const open: string[] = [];
  for (const root of nodes) {
    if (order.has(root)) continue;
    const path: { node: string; targets: readonly string[]; at: number }[] = [];
    const enter = (node: string) => {
      order.set(node, order.size);
      low.set(node, order.get(node)!);
      open.push(node);
      path.push({ node, targets: edges(node), at: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = top.targets[top.at++];
      if (target !== undefined) {
        if (!order.has(target)) enter(target);
        else if (!component.has(target)) lower(low, top.node, order.get(target)!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(low, parent.node, low.get(top.node)!);
      if (low.get(top.node) === order.get(top.node)) close(top.node, open, component);
    }
  }
  return component;
}

function lower(low: Map<string, number>, node: string, value: number): void {
  if (value < low.get(node)!) low.set(node, value);
}

function close(root: string, open: string[], component: Map<string, number>): void {
  const number = component.size;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    component.set(node, number);
    if (node === root) return;
  }
}
