//! The queries that page and command line share.

macro_rules! query {
    ($name:literal) => {
        include_str!(concat!("../../../www/db/queries/", $name, ".sql"))
    };
}

pub const ADD_TAG: &str = query!("add_tag");
pub const BEGIN_RUN: &str = query!("begin_run");
pub const BEGIN_TRAINING: &str = query!("begin_training");
pub const CORRECTIONS: &str = query!("corrections");
pub const EMBEDDINGS: &str = query!("embeddings");
pub const END_TRAINING: &str = query!("end_training");
pub const EXAMPLES: &str = query!("examples");
pub const FILE: &str = query!("file");
pub const FILE_FAILED: &str = query!("file_failed");
pub const FILE_TAGGED: &str = query!("file_tagged");
pub const MAYBE_PAID_BEFORE_3: &str = query!("maybe_paid_before_3");
pub const MOVED_EXAMPLES: &str = query!("moved_examples");
pub const N_FEATURES: &str = query!("n_features");
pub const ORDER: &str = query!("order");
pub const OTHER_EMBEDDINGS: &str = query!("other_embeddings");
pub const OWN_TAGGERS: &str = query!("own_taggers");
pub const PUT_ASSET: &str = query!("put_asset");
pub const PUT_EMBEDDING: &str = query!("put_embedding");
pub const PUT_FILE: &str = query!("put_file");
pub const PUT_HEAD: &str = query!("put_head");
pub const PUT_SETTING: &str = query!("put_setting");
pub const PUT_SQUARE: &str = query!("put_square");
pub const PUT_TAGGING: &str = query!("put_tagging");
pub const PUT_VIEW: &str = query!("put_view");
pub const RESCUE_COLLECTION: &str = query!("rescue_collection");
pub const RESCUE_CORRECTION: &str = query!("rescue_correction");
pub const RESCUE_FILE: &str = query!("rescue_file");
pub const RESCUE_GIVEN_TEXT: &str = query!("rescue_given_text");
pub const RESCUE_OWN_TAGGER: &str = query!("rescue_own_tagger");
pub const RESCUE_SETTLE: &str = query!("rescue_settle");
pub const RESCUE_TAG: &str = query!("rescue_tag");
pub const RUNS_BY_RANK: &str = query!("runs_by_rank");
pub const SAID: &str = query!("said");
pub const SHOWN: &str = query!("shown");
pub const TAGS: &str = query!("tags");
pub const TAG_ID: &str = query!("tag_id");
pub const TAUGHT_SINCE: &str = query!("taught_since");
pub const TEXTS: &str = query!("texts");
pub const TRAININGS: &str = query!("trainings");
pub const USE_HEAD: &str = query!("use_head");
pub const USE_NO_HEAD: &str = query!("use_no_head");
