//! The shells that are shipped, and what each has inside. `cargo x dist` builds them, `cargo x release` packs them.

use clap::ValueEnum;

/// A shell of the one core; each is built by a script of www/tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// The page for a static host: dist/page, and dist/hosts with its headers
    Page,
    /// The page as one file that opens by double click: dist/tagsmith-demo.html
    Demo,
    /// The package for other pages and for node: dist/npm
    Npm,
    /// The extensions: dist/extension-chromium and dist/extension-firefox, and a zip of each
    Extension,
}

/// The browsers that an extension is built for.
pub const BROWSERS: [&str; 2] = ["chromium", "firefox"];

/// How a shell is built: `node www/tools/BUILDER --engine … --models … --out OUT FLAGS`.
pub struct Recipe {
    pub builder: &'static str,
    pub out: &'static str,
    pub flags: &'static [&'static str],
    /// What lies in `dist` afterwards.
    pub made: &'static [&'static str],
}

/// What a shell is made of besides our own code.
pub struct Inside {
    /// Of wasm/.
    pub modules: &'static [&'static str],
    /// Of www/package.json.
    pub packages: &'static [&'static str],
}

const PAGE_PACKAGES: [&str; 4] = ["@preact/signals-core", "@sqlite.org/sqlite-wasm", "client-zip", "lit-html"];

impl Shell {
    pub fn name(self) -> &'static str {
        match self {
            Shell::Page => "page",
            Shell::Demo => "demo",
            Shell::Npm => "npm",
            Shell::Extension => "extension",
        }
    }

    pub fn recipe(self) -> Recipe {
        match self {
            Shell::Page => Recipe {
                builder: "build.mjs",
                out: "dist/page",
                flags: &["--hash", "--compress", "best", "--minify", "--hosts", "dist/hosts"],
                made: &["dist/page", "dist/hosts"],
            },
            Shell::Demo => Recipe {
                builder: "build_demo.mjs",
                out: "dist/tagsmith-demo.html",
                flags: &[],
                made: &["dist/tagsmith-demo.html"],
            },
            Shell::Npm => {
                Recipe { builder: "build_npm.mjs", out: "dist/npm", flags: &["--minify"], made: &["dist/npm"] }
            }
            Shell::Extension => Recipe {
                builder: "build_extension.mjs",
                out: "dist",
                flags: &["--minify"],
                made: &[
                    "dist/extension-chromium",
                    "dist/extension-firefox",
                    "dist/extension-chromium.zip",
                    "dist/extension-firefox.zip",
                ],
            },
        }
    }

    pub fn inside(self) -> Inside {
        match self {
            Shell::Page => {
                Inside { modules: &["engine", "exports", "providers", "session", "train"], packages: &PAGE_PACKAGES }
            }
            Shell::Demo => Inside { modules: &["engine", "exports", "session", "train"], packages: &PAGE_PACKAGES },
            Shell::Npm => Inside { modules: &["engine", "session"], packages: &["client-zip", "lit-html"] },
            Shell::Extension => Inside {
                modules: &["engine", "exports", "session"],
                packages: &[
                    "@preact/signals-core",
                    "@sqlite.org/sqlite-wasm",
                    "base64-js",
                    "brotli",
                    "client-zip",
                    "lit-html",
                ],
            },
        }
    }
}

/// The chosen shells in their order, or all of them.
pub fn chosen(only: &[Shell]) -> Vec<Shell> {
    Shell::value_variants().iter().copied().filter(|shell| only.is_empty() || only.contains(shell)).collect()
}
