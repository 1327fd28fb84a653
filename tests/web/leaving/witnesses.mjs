/**
 * What listens outside the page: a resolver of our own, which the browser asks for every name (DNS over HTTPS, the one way that a browser
 * can be told of a resolver), and for each attempt a TCP and a UDP socket of its own, so that whatever arrives is known to be that attempt's.
 */
import { createSocket } from "node:dgram";
import { createSecureServer } from "node:http2";
import { createServer } from "node:net";
import { selfSigned } from "./certificate.mjs";

/**
 * How far an attempt came: nothing was seen, its host's name was looked up, a connection was opened, or something of it was in a request
 * or a datagram.
 * @typedef {"nothing" | "name" | "connection" | "leaves"} Reach
 * Where an attempt aims.
 * @typedef {{host: string, tcp: number, udp: number}} Target
 */

const REACHES = /** @type {const} */ (["nothing", "name", "connection", "leaves"]);
const HOSTS = "elsewhere.test";
/** The host of an attempt. @param {number} nth */
export const hostOf = (nth) => `way-${nth}.${HOSTS}`;
const ANSWER = [
    "HTTP/1.1 200 OK",
    "Access-Control-Allow-Origin: *",
    "Cross-Origin-Resource-Policy: cross-origin",
    "Content-Type: text/html",
    "Content-Length: 2",
    "Connection: close",
    "\r\nok",
].join("\r\n");

/** One attempt, seen from outside. */
export class Witness {
    /** @type {Reach} */
    reach = "nothing";
    /** @type {(() => void)[]} */
    #waiting = [];
    #server = createServer((socket) => {
        this.note("connection");
        socket.once("data", () => {
            this.note("leaves");
            socket.end(ANSWER);
        });
        socket.on("error", () => {}); // a browser may hang up whenever it likes
    });
    #udp = createSocket("udp4").on("message", () => this.note("leaves"));

    /** @param {string} host */
    constructor(host) {
        this.host = host;
    }

    /** @returns {Promise<Target>} */
    async open() {
        await new Promise((opened) => this.#server.listen(0, "127.0.0.1", () => opened(null)));
        await new Promise((opened) => this.#udp.bind(0, "127.0.0.1", () => opened(null)));
        const { port } = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
        return { host: this.host, tcp: port, udp: this.#udp.address().port };
    }

    /** @param {Reach} reach */
    note(reach) {
        if (REACHES.indexOf(reach) > REACHES.indexOf(this.reach)) this.reach = reach;
        for (const wake of this.#waiting.splice(0)) wake();
    }

    /** Until the attempt has come that far. @param {Reach} wanted */
    async waitFor(wanted) {
        while (REACHES.indexOf(this.reach) < REACHES.indexOf(wanted))
            await new Promise((resolve) => void this.#waiting.push(() => resolve(null)));
    }

    close() {
        this.#server.close();
        this.#udp.close();
    }
}

/** The resolver, and the witnesses that it tells of the names. */
export async function startWitnesses() {
    /** @type {Map<string, Witness>} by host */
    const witnesses = new Map();
    const resolver = createSecureServer({ ...selfSigned("127.0.0.1"), allowHTTP1: true }, async (request, response) => {
        const posted = Buffer.concat(await request.toArray());
        const asked = new URL(request.url, "https://resolver.test").searchParams.get("dns");
        const { name, answer } = resolve(asked === null ? posted : Buffer.from(asked, "base64url"));
        const host = name.match(new RegExp(`[^.]+\\.${HOSTS}$`))?.[0];
        witnesses.get(host ?? "")?.note("name");
        response.setHeader("Content-Type", "application/dns-message");
        response.end(answer);
    });
    const sessions = new Set();
    resolver.on("session", (session) => sessions.add(session));
    await new Promise((opened) => resolver.listen(0, "127.0.0.1", () => opened(null)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (resolver.address());
    return {
        /** For the file "Local State" of a browser's profile. */
        settings: { dns_over_https: { mode: "secure", templates: `https://127.0.0.1:${port}/dns-query` } },
        /** A witness for one attempt. */
        async open() {
            const witness = new Witness(hostOf(witnesses.size));
            witnesses.set(witness.host, witness);
            return { witness, target: await witness.open() };
        },
        close() {
            for (const session of sessions) session.destroy();
            for (const witness of witnesses.values()) witness.close();
            resolver.close();
        },
    };
}

/** Every name of ours is this machine, by IPv4; others do not exist. @param {Buffer} query a DNS message */
function resolve(query) {
    const labels = [];
    let at = 12;
    for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
        labels.push(query.toString("latin1", at + 1, at + 1 + length));
        at += 1 + length;
    }
    const name = labels.join(".").toLowerCase();
    const isOurs = name.endsWith(HOSTS);
    const hasAnswer = isOurs && query.readUInt16BE(at + 1) === 1;
    const header = [0x81, isOurs ? 0x80 : 0x83, 0, 1, 0, hasAnswer ? 1 : 0, 0, 0, 0, 0];
    const address = hasAnswer ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1] : [];
    return {
        name,
        answer: Buffer.concat([
            query.subarray(0, 2),
            Buffer.from(header),
            query.subarray(12, at + 5),
            Buffer.from(address),
        ]),
    };
}
