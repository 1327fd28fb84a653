import assert from "node:assert/strict";
import test from "node:test";
import { readOptions } from "./options.js";

test("an address can ask for less than what is usual, and for more only within bounds", () => {
    const options = readOptions(
        "?workers=40&relaunches=1e9&timeout_ms=1e300&max_pixels=268000000&max_side=65535&max_file_bytes=1e12",
    );
    assert.deepEqual(
        [options.workers, options.relaunches, options.timeoutMs],
        [6, 50, 600_000],
        "forty workers would take 2 GB",
    );
    assert.deepEqual(options.limits, { max_file_bytes: 134_217_728, max_side: 16_384, max_pixels: 100e6 });
    assert.equal(readOptions("?workers=2").workers, 2);
    for (const query of ["", "?workers=0", "?workers=-3", "?workers=many", "?workers=Infinity", "?workers=NaN"]) {
        assert.equal(readOptions(query).workers, undefined, query);
    }
});
