import { DeadlineWheel } from "../async/deadline_wheel.ts";

/**
 * The wheel that everything in a process shares unless told otherwise: the more deadlines one timer
 * serves, the less each costs. It holds no timer while it has no deadline, and none of its timers keep
 * the process alive. It is not to be disposed.
 */
export const sharedDeadlines: DeadlineWheel = new DeadlineWheel();
