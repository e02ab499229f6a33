/** Saves a list again and again, as several processes of one service do. */
import { LastGoodFolder } from "../last_good_folder.ts";

const [folder = "", entries = "[]"] = Deno.args;
const store = new LastGoodFolder(folder);
for (let i = 0; i < 100; i++) await store.save("greet.rpc", new Map(JSON.parse(entries)));
