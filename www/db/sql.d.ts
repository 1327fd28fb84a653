// The build packs migrations and queries as text.
declare module "*.sql" {
    const text: string;
    export default text;
}
