/**
 * All checks of a program that parses.
 *
 * @module
 */

import type { SourceFile } from "./ast.ts";
import { checkAnnotations } from "./check_annotations.ts";
import { checkFields } from "./check_fields.ts";
import { checkParameters } from "./check_parameters.ts";
import { checkRecursion } from "./check_recursion.ts";
import {
  checkBodies,
  checkHandlers,
  checkPaths,
  checkRequests,
  checkStreams,
} from "./check_routes.ts";
import { checkService, checkStatements } from "./check_statements.ts";
import { checkReferences, checkShadowing, checkShapes, checkTypeNames } from "./check_types.ts";
import { declaredServices, declaredTypes } from "./declarations.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { Report } from "./report.ts";

/**
 * Checks a program. The checks run in the order in which other tools for the language make them,
 * so that the first finding is the same; what only this one checks comes last.
 */
export function checkProgram(files: readonly SourceFile[]): Diagnostic[] {
  const report = new Report();
  const later = new Report();
  const types = declaredTypes(files);
  const services = declaredServices(files);
  checkStatements(files, report);
  const table = checkTypeNames(types, report);
  checkHandlers(services, report, later);
  checkPaths(services, report, later);
  checkReferences(types, table, report);
  checkShapes(types, report);
  checkRequests(services, report);
  checkBodies(services, table, report);
  checkStreams(services, report);
  checkService(files, services, report);
  checkShadowing(types, report);
  checkFields(types, report);
  checkRecursion(table, report);
  checkParameters(services, table, report);
  checkAnnotations(services, report);
  return [...report.diagnostics, ...later.diagnostics];
}
