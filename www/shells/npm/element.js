/**
 * `<image-tagger>`: a form control whose value is the tags of a picture. Nothing of engine and model is fetched before the first picture.
 *
 * The shadow root is open: it keeps styles apart, and a closed one would hide nothing from the page's own scripts, only from its tests.
 * @import { Picture, Report, TagOptions } from "./api.d.ts"
 * @import { Shown, ShownTag } from "./element_view.js"
 * @import { Language } from "./element_words.js"
 */
import { render } from "../../vendor/view.js";
import css from "./element.css";
import { taggerOf } from "./element_tagger.js";
import { view } from "./element_view.js";
import { say, spoken } from "./element_words.js";
import { stateOf, tagsOfState } from "./element_state.js";

const styles = new CSSStyleSheet();
styles.replaceSync(css);

export class ImageTagger extends HTMLElement {
    static formAssociated = true;
    static observedAttributes = ["name", "required", "lang", "language"];

    #internals = this.attachInternals();
    #root = this.attachShadow({ mode: "open", delegatesFocus: true });
    /** @type {Omit<Shown, "language" | "isDisabled">} */
    #shown = { state: "empty", share: null, picture: null, tags: [], error: null, said: null, isOver: false };
    /** @type {Report | null} */
    #report = null;
    #current = new AbortController();
    #isDisabled = false;

    constructor() {
        super();
        this.#root.adoptedStyleSheets = [styles];
        this.#internals.role = "group";
        this.addEventListener("paste", (event) => {
            const [file] = event.clipboardData?.files ?? [];
            if (file && !this.#isDisabled) void this.#take(file);
        });
    }

    connectedCallback() {
        this.#show();
    }

    /** Whoever only moves it puts it back at once. */
    disconnectedCallback() {
        queueMicrotask(() => this.isConnected || this.#forgetPicture());
    }

    attributeChangedCallback() {
        this.#show();
    }

    /** @param {boolean} isDisabled */
    formDisabledCallback(isDisabled) {
        this.#isDisabled = isDisabled;
        this.#show();
    }

    formResetCallback() {
        this.#empty();
    }

    /** What the browser kept of an earlier visit: the tags without their picture. @param {unknown} state */
    formStateRestoreCallback(state) {
        const tags = tagsOfState(state);
        if (tags.length > 0) this.#show({ state: "done", tags });
    }

    get form() {
        return this.#internals.form;
    }
    get labels() {
        return this.#internals.labels;
    }
    get validity() {
        return this.#internals.validity;
    }
    get validationMessage() {
        return this.#internals.validationMessage;
    }
    get willValidate() {
        return this.#internals.willValidate;
    }
    checkValidity() {
        return this.#internals.checkValidity();
    }
    reportValidity() {
        return this.#internals.reportValidity();
    }

    get type() {
        return "image-tagger";
    }
    get name() {
        return this.getAttribute("name") ?? "";
    }
    set name(name) {
        this.setAttribute("name", name);
    }
    get disabled() {
        return this.hasAttribute("disabled");
    }
    set disabled(isDisabled) {
        this.toggleAttribute("disabled", Boolean(isDisabled));
    }
    get required() {
        return this.hasAttribute("required");
    }
    set required(isRequired) {
        this.toggleAttribute("required", Boolean(isRequired));
    }

    /** The tags that the form gets, by their ids. */
    get value() {
        return this.#shown.tags.map(({ id }) => id);
    }

    /** The same with their names and confidences. @returns {ShownTag[]} */
    get tags() {
        return this.#shown.tags.map((tag) => ({ ...tag }));
    }

    /** Everything that was found in the picture, tags that a person removed included; null before. */
    get report() {
        return this.#report;
    }

    /** As if somebody had chosen the picture. @param {Picture} picture */
    tag(picture) {
        return this.#take(picture);
    }

    /** As if somebody had removed it. */
    clear() {
        this.#empty();
    }

    /** @returns {Language} */
    get #language() {
        const said = this.getAttribute("language") ?? this.closest("[lang]")?.getAttribute("lang");
        return spoken(said || navigator.language);
    }

    /** Of the attributes. @param {readonly string[]} languages that the model has names in @returns {TagOptions} */
    #options(languages) {
        const number = (/** @type {string} */ name) =>
            this.hasAttribute(name)
                ? { [name === "max-tags" ? "maxTags" : name]: Number(this.getAttribute(name)) }
                : {};
        const list = (/** @type {string} */ name) => {
            const entries = (this.getAttribute(name) ?? "").split(",").map((entry) => entry.trim());
            return entries.some(Boolean) ? { [name]: entries.filter(Boolean) } : {};
        };
        const wanted = this.getAttribute("language") ?? this.#language;
        const language = [wanted, wanted.split("-")[0] ?? ""].find((one) => languages.includes(one)) ?? this.#language;
        const objects = !this.hasAttribute("no-objects");
        return { ...number("threshold"), ...number("max-tags"), ...list("allow"), ...list("deny"), language, objects };
    }

    /** @param {Picture} picture */
    async #take(picture) {
        this.#current.abort();
        this.#forgetPicture();
        const current = (this.#current = new AbortController());
        const { signal } = current;
        const address = picture instanceof Blob ? URL.createObjectURL(picture) : null;
        this.#report = null;
        this.#show({ state: "loading", share: null, picture: address, tags: [], error: null, said: null });
        try {
            const tagger = await taggerOf(this.#source(), this.#language, ({ loaded, total }) => {
                if (signal.aborted) return;
                this.dispatchEvent(
                    new ProgressEvent("progress", { lengthComputable: total !== null, loaded, total: total ?? 0 }),
                );
                this.#show({ share: total ? loaded / total : null });
            });
            signal.throwIfAborted();
            this.#show({ state: "tagging" });
            const report = await tagger.tag(picture, { ...this.#options(tagger.languages), signal });
            this.#report = report;
            const tags = report.tags.map(({ id, name, confidence }) => ({ id, name, confidence }));
            this.#show({ state: "done", tags });
            this.#tell();
        } catch (thrown) {
            if (signal.aborted) return;
            const error = /** @type {import("./api.d.ts").TaggerError} */ (thrown);
            const { title = error.message, remedy = "", code = "" } = error;
            this.#show({ state: "failed", error: { title, remedy, code } });
            this.dispatchEvent(new ErrorEvent("error", { error, message: error.message }));
        }
    }

    #source() {
        const [model, assets] = ["model", "assets"].map((name) => this.getAttribute(name) ?? undefined);
        return { model, assets };
    }

    #empty() {
        this.#current.abort();
        this.#forgetPicture();
        this.#report = null;
        this.#show({ state: "empty", tags: [], error: null, said: null });
    }

    #forgetPicture() {
        if (this.#shown.picture) URL.revokeObjectURL(this.#shown.picture);
        this.#shown.picture = null;
    }

    /** A person, or a picture, has changed the value. */
    #tell() {
        this.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
        this.dispatchEvent(new Event("change", { bubbles: true }));
    }

    /** @param {Partial<Shown>} [news] */
    #show(news = {}) {
        this.#shown = { ...this.#shown, ...news };
        if (this.isConnected) this.#draw();
        this.#pass();
    }

    #draw() {
        render(
            view({ ...this.#shown, language: this.#language, isDisabled: this.#isDisabled }, this.#actions),
            this.#root,
        );
    }

    /** To the form: an entry for each tag, as a `<select multiple>` has one for each option. */
    #pass() {
        const { tags, state, error } = this.#shown;
        const entries = new FormData();
        for (const { id } of tags) if (this.name) entries.append(this.name, id);
        this.#internals.setFormValue(this.name ? entries : null, stateOf(tags));
        const anchor = this.#root.querySelector("button") ?? undefined;
        const language = this.#language;
        if (state === "loading" || state === "tagging")
            this.#internals.setValidity({ customError: true }, say(language, "busy"), anchor);
        else if (error) this.#internals.setValidity({ customError: true }, `${error.title} ${error.remedy}`, anchor);
        else if (this.required && tags.length === 0)
            this.#internals.setValidity({ valueMissing: true }, say(language, "required"), anchor);
        else this.#internals.setValidity({});
    }

    /** @type {import("./element_view.js").Actions} */
    #actions = {
        choose: () => this.#root.querySelector("input")?.click(),
        chosen: ({ target }) => {
            const input = /** @type {HTMLInputElement} */ (target);
            const [file] = input.files ?? [];
            if (file) void this.#take(file);
            input.value = ""; // the same again is a choice too
        },
        over: (event) => {
            event.preventDefault();
            if (!this.#isDisabled && !this.#shown.isOver) this.#show({ isOver: true });
        },
        left: ({ relatedTarget, currentTarget }) => {
            const zone = /** @type {Element} */ (currentTarget);
            if (!zone.contains(/** @type {Node | null} */ (relatedTarget))) this.#show({ isOver: false });
        },
        dropped: (event) => {
            event.preventDefault();
            this.#show({ isOver: false });
            const [file] = event.dataTransfer?.files ?? [];
            const address = event.dataTransfer
                ?.getData("text/uri-list")
                .split(/\r?\n/)
                .find((line) => /^\w+:/.test(line));
            if (!this.#isDisabled && (file || address)) void this.#take(file ?? /** @type {string} */ (address));
        },
        remove: (at) => {
            const { name = "" } = this.#shown.tags[at] ?? {};
            this.#show({
                tags: this.#shown.tags.filter((_, idx) => idx !== at),
                said: say(this.#language, "removed", { name }),
            });
            // Where the button was there is the next one now.
            const buttons = [...this.#root.querySelectorAll("button")];
            const others = buttons.filter((button) => button.matches(".remove"));
            (others[Math.min(at, others.length - 1)] ?? buttons[0])?.focus();
            this.#tell();
        },
        clear: () => {
            this.#empty();
            this.#root.querySelector("button")?.focus();
            this.#tell();
        },
    };
}

if (!customElements.get("image-tagger")) customElements.define("image-tagger", ImageTagger);
