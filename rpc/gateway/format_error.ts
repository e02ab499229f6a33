import { type ErrorFormatter, formatProblem } from "../../rest/response/problem.ts";
export const formatGatewayError: ErrorFormatter = formatProblem;
