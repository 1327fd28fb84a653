// node tag.mjs PICTURE… writes a line of JSON for each, as `tagsmith tag --format jsonl` does.
import { Tagger } from "tagsmith";

const paths = process.argv.slice(2);
const tagger = await Tagger.create();
for await (const { input, report, error } of tagger.tagAll(paths)) {
    const line = report ?? { path: input, error: { code: error.code, detail: error.detail } };
    console.log(JSON.stringify(line));
}
tagger.close();
