/** What is set for one time while a set-up is still being read. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { asking } from "../provider_state.js";
import * as state from "../state.js";
import { createProviderAsking } from "./provider_asking.js";
import { until } from "./stand_in.mjs";

afterEach(() => {
    asking.value = null;
    state.dialog.value = null;
});

function begin() {
    /** @type {(() => void)[]} */
    const readings = [];
    /** @type {any[]} */
    const started = [];
    const profileOf = (/** @type {string} */ id) => ({ id, mode: "add" });
    const providers = {
        bare: async (/** @type {any} */ fields) => {
            await new Promise((read) => readings.push(() => read(null)));
            return fields;
        },
        enabledProviders: () => [{ id: "one" }, { id: "two" }],
        openProviders: async () => {},
        profileOf,
    };
    const jobs = {
        planJob: async (/** @type {any} */ wanted) => ({ ...wanted, asked: wanted.ids }),
        startJob: async (/** @type {any} */ plan) => void started.push(plan),
    };
    const tries = {
        ...{ beginTrial: async () => {}, dropTrial: () => {}, showDiffs: async () => {}, stopTrial: async () => {} },
        ...{ requestsOf: () => [], triedResults: () => [] },
    };
    const actions = createProviderAsking(.../** @type {[any, any, any]} */ ([providers, jobs, tries]));
    const read = () => readings.splice(0).forEach((one) => one());
    return { actions, read, started, own: () => asking.value?.wanted.own };
}

const isCounted = () => Boolean(asking.value?.plan);

test("what is set beside an address that is still being read keeps both, and nothing is sent before they count", async () => {
    const { actions, read, started, own } = begin();
    await actions.askProvider([1, 2]);
    await until(isCounted);
    const setting = actions.setAsked({ setup: { endpoint: "https://new.test" } });
    await actions.startAsked();
    assert.equal(started.length, 0, "as it was counted it would go to the old address");
    await actions.setAsked({ threshold: 0.7 });
    read();
    await setting;
    assert.deepEqual(own(), { threshold: 0.7, setup: { endpoint: "https://new.test" } });
    await until(isCounted);
    await actions.startAsked();
    assert.deepEqual(
        started.map((plan) => plan.own.setup.endpoint),
        ["https://new.test"],
    );
});

test("what was typed for one service, or before the dialog was opened anew, is nobody else's", async () => {
    const { actions, read, own } = begin();
    await actions.askProvider([1]);
    const first = actions.setAsked({ setup: { endpoint: "https://one.test" } });
    actions.changeAsking({ provider: "two" });
    read();
    await first;
    assert.deepEqual(own(), {});
    const second = actions.setAsked({ setup: { endpoint: "https://two.test" } });
    actions.dropAsking();
    await actions.askProvider([1]);
    actions.changeAsking({ provider: "two" });
    read();
    await second;
    assert.deepEqual(own(), {});
});
