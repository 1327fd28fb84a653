//! The arguments about sorting pictures into folders.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub struct SortArgs {
    /// Copy each picture into the folder in DIR that is named after its surest tag. Nothing is overwritten, and `unsort DIR` takes it back.
    /// Without --format and --output, standard output says what was done instead of the tags
    #[arg(long, value_name = "DIR")]
    pub sort_into: Option<PathBuf>,

    /// Move the pictures instead of copying them
    #[arg(long = "move", requires = "sort_into", conflicts_with = "link")]
    pub moves: bool,

    /// Make hard links to the pictures instead of copying them: they take no room
    #[arg(long, requires = "sort_into")]
    pub link: bool,

    /// Only say what sorting would do
    #[arg(long, requires = "sort_into")]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct UnsortArgs {
    /// Folder that `tag --sort-into` has sorted into
    pub folder: PathBuf,

    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
}
