import { checkCases, SERVICE } from "./testing/program.ts";

checkCases("services", [
  {
    name: "two empty ones",
    text: "service a {}\nservice b {}",
    found: ["2:9 E-service-name", "1:9 E-no-route"],
  },
  { name: "an empty one first", text: `service b {}\n${SERVICE}`, found: ["2:9 E-service-name"] },
  { name: "none", text: "// nothing", found: ["1:1 E-no-route"] },
]);
