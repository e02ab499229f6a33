/** The routes that every router of the comparison holds; the load asks for the last. */
export const PATTERNS: readonly string[] = [
  "/",
  "/health",
  "/login",
  "/users",
  "/users/:id",
  "/users/:id/orders",
  "/users/:id/orders/:order",
  "/orders",
  "/orders/:id",
  "/products",
  "/products/:id",
  "/products/:id/reviews",
  "/from/:id",
];
