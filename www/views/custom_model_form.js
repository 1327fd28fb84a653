/**
 * The form for a model without a card: what its file does not tell. Each thing that is wrong is said where it can be put right.
 * @import { Drafted, ImportChoices, OutputInspection } from "../core/engine_api.d.ts"
 * @import { Failure } from "../core/protocol.js"
 * @import { CustomModel } from "../app/state.js"
 */
import { actions, usualShorterSide } from "../app/dialog_actions.js";
import { html, nothing } from "../vendor/view.js";
import { warningIcon } from "./icons.js";
import { choice, colour, field, group, number, openInput } from "./model_inputs.js";
import { preparations } from "./model_preparations.js";
import { fileSize, percent, t, errorText } from "./text.js";

/** @param {CustomModel} customModel */
export function customModelForm(customModel) {
    const { file, status, failures } = customModel;
    // As local_form.js says: where it leads keeps the browser from asking anyone about its fields. It is never sent.
    return html`<form class="model-form" action="/search" data-own=${status} novalidate @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
        <div>
            <h3>${file.name}</h3>
            <p class="models-small">${fileSize(file.size)}</p>
        </div>
        ${wrong(failures.file)} ${missingFile(customModel)} ${customModel.inspection && customModel.choices ? fields(customModel, customModel.choices) : nothing} ${wrong(failures.all)} ${result(customModel)}
        ${status === "reading" && !failures.file && !failures.all ? html`<p role="status">${t("own_reading", { name: file.name })}</p>` : nothing}
        <div class="model-buttons is-last">
            <button class="button" type="button" data-do="own-back" @click=${actions.closeCustomModel}>${t("own_back")}</button>
            ${customModel.inspection ? actionButtons(customModel) : nothing}
        </div>
    </form>`;
}

/** @param {CustomModel} customModel */
function actionButtons({ status }) {
    const isBusy = status !== "asking";
    return html`<button class="button" type="button" data-do="own-try" ?disabled=${isBusy} @click=${actions.tryCustomModel}>
            ${isBusy ? t("own_trying") : t("own_try")}
        </button>
        <button class="button is-main" type="button" data-do="own-keep" ?disabled=${isBusy} @click=${actions.saveCustomModel}>${t("own_keep")}</button>`;
}

/** Weights in a file that did not come along. @param {CustomModel} customModel */
function missingFile({ missing: [name] }) {
    if (name === undefined) return nothing;
    const onChosen = (/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        actions.addModelFiles([...(input.files ?? [])]);
        input.value = "";
    };
    return html`<div>
        <button class="button" type="button" data-do="choose-weights" @click=${openInput}>${t("own_missing", { name })}</button>
        <input type="file" data-input="weights" multiple hidden @change=${onChosen} />
    </div>`;
}

/** @param {CustomModel} customModel @param {ImportChoices} choices */
function fields(customModel, choices) {
    const { inspection, draft, drafted, failures } = customModel;
    if (!inspection || !draft) return nothing;
    const { input, outputs } = inspection;
    /** What a value rests on, unless a person has changed it. @param {keyof ImportChoices} key @param {Drafted<unknown>} value */
    const basis = (key, value) =>
        JSON.stringify(choices[key]) === JSON.stringify(drafted?.[key]) ? basisText(value) : nothing;
    return html`<p class="models-small">${t("own_intro")}</p>
        ${labels(customModel)} ${preparations(customModel)}
        <div class="model-fields">
            ${field("own_name", html`<input id="own_name" type="text" maxlength="200" .value=${choices.name} @change=${rename} />`)}
            ${group(
                "own_size",
                html`${number({ label: t("own_width"), value: choices.width, most: 2048, isFixed: input.width !== null, set: (width) => resize({ ...choices, width }) })}
                    ×
                    ${number({ label: t("own_height"), value: choices.height, most: 2048, isFixed: input.height !== null, set: (height) => resize({ ...choices, height }) })}`,
                basis(choices.width === drafted?.width ? "height" : "width", draft.size),
            )}
            ${normalisation(customModel, choices)}
            ${field(
                "own_fit",
                choice("own_fit", choices.fit.kind, ["centre_crop", "squash", "squash_crop", "letterbox"], (kind) =>
                    actions.setChoices({ fit: fitOf(kind, choices) }),
                ),
                basis("fit", draft.fit),
            )}
            ${fitDetail(choices)}
            ${field(
                "own_activation",
                choice("own_activation", choices.activation, ["softmax", "sigmoid", "none"], (activation) =>
                    actions.setChoices({ activation }),
                ),
                basis("activation", draft.activation),
            )}
            ${field(
                "own_threshold",
                html`<input id="own_threshold" type="number" min="1" max="99" .value=${String(Math.round(choices.threshold * 100))} @change=${perCent} />`,
            )}
        </div>
        <details>
            <summary>${t("own_more")}</summary>
            <div class="model-fields">
                ${field(
                    "own_colour",
                    choice("own_colour", choices.colour, ["rgb", "bgr"], (colour) => actions.setChoices({ colour })),
                )}
                ${field(
                    "own_filter",
                    choice(
                        "own_filter",
                        choices.filter,
                        ["bilinear", "bicubic", "lanczos", "hamming", "box", "nearest"],
                        (filter) => actions.setChoices({ filter }),
                    ),
                    basis("filter", draft.filter),
                )}
                ${field(
                    "own_layout",
                    choice("own_layout", choices.layout, ["nchw", "nhwc"], (layout) => actions.setChoices({ layout })),
                    basis("layout", draft.layout),
                )}
                ${field(
                    "own_scores",
                    html`<select id="own_scores" @change=${scores(outputs)}>
                        ${outputs.map(({ name }) => html`<option value=${name} .selected=${name === choices.scores}>${name}</option>`)}
                    </select>`,
                )}
            </div>
        </details>
        ${wrong(failures.choices)}`;
}

/** @param {CustomModel} customModel */
function labels({ inspection, labels, counts, choices, failures }) {
    const n = inspection?.outputs.find(({ name }) => name === choices?.scores)?.n_classes ?? null;
    const list = labels?.list ?? [];
    const onChosen = (/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        const [file] = input.files ?? [];
        if (file) actions.readLabels(file);
        input.value = "";
    };
    return html`<div class="model-field is-labels" role="group" aria-labelledby="own_labels" data-labels=${list.length}>
        <span id="own_labels">${t("own_labels")}</span>
        <p>
            ${
                labels
                    ? t("own_labels_are", {
                          name: labels.name,
                          n: list.length,
                          first: list[0] ?? "",
                          last: list.at(-1) ?? "",
                      })
                    : n === null
                      ? t("own_labels_how")
                      : html`${t("own_labels_needed", { n })} ${t("own_labels_how")}`
            }
        </p>
        <button class="button" type="button" data-do="choose-labels" @click=${openInput}>${t("own_labels_choose")}</button>
        <input type="file" data-input="labels" accept=".json,.txt,.csv,.tsv,.names,.labels,.yaml,.yml,.pbtxt,text/plain" hidden @change=${onChosen} />
        ${wrong(failures.labels, counts && t("own_labels_count", counts))}
    </div>`;
}

/** @param {CustomModel} customModel @param {ImportChoices} choices */
function normalisation({ presets, preset, draft }, { mean, std, preparation }) {
    const ids = [...presets.map(({ id }) => id), "own"];
    const three = (/** @type {"mean" | "std"} */ which, /** @type {[number, number, number]} */ values) => {
        const label = t(`own_${which}`);
        return group(
            `own_${which}`,
            html`${values.map((value, idx) =>
                number({
                    label: t("own_channel", { what: label, n: idx + 1 }),
                    value,
                    least: which === "std" ? 0.001 : -1000,
                    most: 1000,
                    step: "any",
                    set: (news) => actions.setChoices({ [which]: values.with(idx, news) }),
                }),
            )}`,
        );
    };
    const basis = draft && preparation !== "confirmed" ? basisText(draft.pixels) : nothing;
    return html`${field("own_normalisation", choice("own_preset", preset, ids, actions.choosePreset, "own_normalisation"), basis)}
    ${preset === "own" ? html`${three("mean", mean)} ${three("std", std)}` : nothing}`;
}

/** What a value rests on. @param {Drafted<unknown>} drafted */
function basisText({ basis, source }) {
    const words =
        basis === "graph"
            ? t("own_basis_graph")
            : basis === "guess"
              ? t("own_basis_guess")
              : source === null
                ? t("own_basis_usual")
                : t(basis === "neighbour" ? "own_basis_neighbour" : "own_basis_kind", { name: source });
    return html`<small class=${basis === "guess" ? "model-basis is-guess" : "model-basis"} data-basis=${basis}>${words}</small>`;
}

/** What else belongs to a way to fill the input. @param {ImportChoices} choices */
function fitDetail({ fit, width, height }) {
    const longer = Math.max(width, height);
    if (fit.kind === "letterbox")
        return field(
            "own_pad",
            colour("own_pad", fit.pad, (pad) => actions.setChoices({ fit: { kind: "letterbox", pad } })),
        );
    if (fit.kind === "squash") return nothing;
    const side = fit.kind === "centre_crop" ? fit.shorter_side : Math.max(fit.width, fit.height);
    const set = (/** @type {number} */ side) =>
        actions.setChoices({ fit: cropFrom(fit.kind, side, { width, height }) });
    return field(
        "own_before_crop",
        number({ id: "own_before_crop", label: t("own_before_crop"), value: side, least: longer, most: 2048, set }),
        html`<small class="model-basis">${t("own_crop_share", { percent: percent(longer / side) })}</small>`,
    );
}

/** @param {CustomModel} customModel */
function result({ tried, choices }) {
    if (!tried) return nothing;
    const isGuess = choices?.preparation === "guess";
    return html`<section class="model-result" role="status" data-tried>
        <h4>${t("own_tried", { picture: tried.picture })}</h4>
        ${isGuess ? html`<p class="model-guess">${warningIcon()} ${t("own_tried_guess")}</p>` : nothing}
        <ol>
            ${tried.tags.map(
                ({ name, score }) => html`<li data-score=${score}>
                    <span>${name}</span> <span class="models-small">${isGuess ? nothing : percent(score)}</span> <i .style=${`transform:scaleX(${score})`}></i>
                </li>`,
            )}
        </ol>
        <p class="models-small">${t("own_tried_hint")}</p>
    </section>`;
}

/** @param {Failure | undefined} failure @param {string | null} [what] that is wrong, where it can be said better than by its code */
function wrong(failure, what = null) {
    if (!failure) return nothing;
    const { title, remedy } = errorText(failure);
    return html`<div class="failure-box model-failure" role="alert" data-code=${failure.code}>
        ${warningIcon()}
        <p><strong>${what ?? title}</strong> ${remedy} ${failure.detail ? html`<span class="models-small">${failure.detail}</span>` : nothing}</p>
    </div>`;
}

const rename = (/** @type {Event} */ event) =>
    actions.setChoices({ name: /** @type {HTMLInputElement} */ (event.currentTarget).value });

/** Another output may end in something else. @param {readonly OutputInspection[]} outputs */
const scores = (outputs) => (/** @type {Event} */ event) => {
    const output = outputs.find(({ name }) => name === /** @type {HTMLSelectElement} */ (event.currentTarget).value);
    if (output) actions.setChoices({ scores: output.name, activation: output.activation });
};

const perCent = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    if (input.checkValidity() && input.value !== "") actions.setChoices({ threshold: input.valueAsNumber / 100 });
};

/** @param {ImportChoices} choices with another size */
function resize({ width, height, fit }) {
    const isCropped = fit.kind === "centre_crop" || fit.kind === "squash_crop";
    const side = usualShorterSide(height, width);
    actions.setChoices({ width, height, fit: isCropped ? cropFrom(fit.kind, side, { width, height }) : fit });
}

/** @param {ImportChoices["fit"]["kind"]} kind @param {ImportChoices} choices @returns {ImportChoices["fit"]} */
function fitOf(kind, { height, width }) {
    if (kind === "squash") return { kind };
    if (kind === "letterbox") return { kind, pad: [127, 127, 127] };
    return cropFrom(kind, usualShorterSide(height, width), { width, height });
}

/**
 * @param {"centre_crop" | "squash_crop"} kind @param {number} side the longer one's length before the crop of a squashed picture, else the
 * shorter one's @param {{width: number, height: number}} input @returns {ImportChoices["fit"]}
 */
function cropFrom(kind, side, { width, height }) {
    if (kind === "centre_crop") return { kind, shorter_side: side };
    const scaled = (/** @type {number} */ of) => Math.max(of, Math.floor((side * of) / Math.max(width, height)));
    return { kind, width: scaled(width), height: scaled(height) };
}
