/** A certificate for a server on this machine, for a browser that was told to accept any. Made anew each time: no key lies in the repository. */
import { generateKeyPairSync, sign } from "node:crypto";

/** One value of DER. @param {number} tag @param {Buffer[]} parts @returns {Buffer} */
function der(tag, ...parts) {
    const content = Buffer.concat(parts);
    const { length } = content;
    const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const [INTEGER, BITS, OBJECT, UTF8, TIME, LIST, SET] = [0x02, 0x03, 0x06, 0x0c, 0x18, 0x30, 0x31];

/** @param {string} name @returns {{key: string, cert: string}} PEM */
export function selfSigned(name) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const ecdsaWithSha256 = der(LIST, der(OBJECT, Buffer.from("2a8648ce3d040302", "hex")));
    const commonName = der(LIST, der(OBJECT, Buffer.from("550403", "hex")), der(UTF8, Buffer.from(name)));
    const names = der(LIST, der(SET, commonName));
    const validity = der(LIST, ...["20200101000000Z", "20991231000000Z"].map((time) => der(TIME, Buffer.from(time))));
    const spki = publicKey.export({ type: "spki", format: "der" });
    const toBeSigned = der(LIST, der(INTEGER, Buffer.from([1])), ecdsaWithSha256, names, validity, names, spki);
    const signature = sign("sha256", toBeSigned, privateKey);
    const certificate = der(LIST, toBeSigned, ecdsaWithSha256, der(BITS, Buffer.from([0]), signature));
    const lines = certificate.toString("base64").replace(/.{64}/g, "$&\n");
    return {
        key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
        cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    };
}
