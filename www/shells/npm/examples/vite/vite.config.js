export default {
    base: "./",
    // The development server would pack the package anew, away from the files beside it.
    optimizeDeps: { exclude: ["tagsmith"] },
};
