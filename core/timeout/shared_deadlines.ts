import { DeadlineWheel } from "../async/deadline_wheel.ts";

/**
 * The wheel that everything in a process shares unless told otherwise: the more deadlines one timer
 * serves, the less each costs. It holds no timer while it has no deadline, and none of its timers keep
 * the process alive.
 *
 * Its timer stops at the first tick without a deadline. A test that watches for leaks and ends sooner gives
 * its own wheel or disposes this one; it can be used again.
 */
export const sharedDeadlines: DeadlineWheel = new DeadlineWheel();
