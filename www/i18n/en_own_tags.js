/** English: tags that people teach. */
import { ownReports } from "./en_own_reports.js";

export const own_tags = {
    own_what:
        "Teach tags that no ready-made model knows: your products, your places, your words. Tag some pictures yourself, train, and the rest is tagged like them. Everything happens on this device, and every step can be undone.",
    own_none: "No tagger yet. Make one here, or select pictures in the grid and choose “Teach a tag”.",
    own_new_name: "Name of the new tagger",
    own_make: "Make",
    own_all: "All taggers",
    own_open: "Open",
    own_open_which: "Open {name}",
    own_called: "Name",
    own_never_trained: "Not trained yet",
    own_version: "Version {n}",
    own_version_of: "Version {n} of {day}",
    own_n_tags: { one: "{n} tag", other: "{n} tags" },
    own_n_pictures: { one: "{n} picture", other: "{n} pictures" },
    own_use: "Use {name}",
    own_overlaps: "“{tag}” is taught here and in “{name}”. Both may say it, each in its own way.",

    own_teach_what: {
        one: "The picture becomes an example of the tag: it carries the tag as yours, and the tagger learns from it when you train.",
        other: "The {n} pictures become examples of the tag: they carry it as yours, and the tagger learns from them when you train.",
    },
    own_teach_tag: "Tag",
    own_teach_tagger: "Tagger",
    own_teach_new: "A new tagger",
    own_teach_do: "Teach",
    own_teach_counts: "5 pictures are the least a tag can be trained with. From 30 on it counts as completely trained.",

    own_set: "Pictures it learns from",
    own_set_why:
        "All pictures of these collections that carry a tag you gave or accepted. What you removed is a counter-example.",
    own_set_collections: "Collections it learns from",
    own_set_of_selection: { one: "It learns from {n} chosen picture.", other: "It learns from {n} chosen pictures." },
    own_set_reading: "Counting examples…",
    own_set_empty:
        "No picture here carries a tag of yours yet. Tag at least 5 pictures with each tag you want to teach.",
    own_set_facts: {
        one: "{n} picture with your tags",
        other: "{n} pictures with your tags",
    },
    own_set_to_embed: {
        one: "{n} has to be looked at first, when you train.",
        other: "{n} have to be looked at first, when you train.",
    },
    own_set_without_file: {
        one: "{n} can’t be read any more: its file is needed. It is left out until you add it again.",
        other: "{n} can’t be read any more: their files are needed. They are left out until you add them again.",
    },
    own_set_removed: { one: "{n} removed", other: "{n} removed" },
    own_set_tags: "Tags and their examples",
    own_add_tag: "Add examples of the tag",
    own_add_choose: "Choose pictures",
    own_add_why:
        "Or drop pictures here. Without a tag, drop folders: each picture gets the name of its folder. They join the collection in the grid.",
    own_added: { one: "{n} example added.", other: "{n} examples added." },
    own_added_left: {
        one: "{n} file was left out: it is here already, in no folder, or no picture.",
        other: "{n} files were left out: they are here already, in no folder, or no pictures.",
    },
    own_keeps_squares: "Keep what the network saw of each picture",
    own_keeps_squares_why:
        "About 15 KB a picture. With it, the tagger can be trained for another model later without the originals.",

    own_light_green: "Good",
    own_light_yellow: "Could be better",
    own_light_red: "Needs attention",
    own_light_none: "Not judged",
    own_lights: "How the examples of “{name}” stand",
    own_show_pictures: { one: "Show the picture", other: "Show {n} pictures" },
    own_open_picture: "Open {name}",
    own_picture_gone: "A picture that is not here any more",
    own_picture_elsewhere: "{name}, in another collection",

    own_train: "Train",
    own_train_title: "Title of the report",
    own_train_comment: "Comment",
    own_train_optional: "Optional. Both are kept with the report.",
    own_train_now: "Train now",
    own_train_too_few: "Tag at least 5 pictures with one tag first.",
    own_train_busy: "Another training is under way.",
    own_stage_reading: "Reading examples…",
    own_stage_embedding: "Looking at pictures: {n} of {total}",
    own_stage_fitting: "Learning…",
    own_stage_keeping: "Saving…",
    own_cancel: "Cancel training",
    own_cancel_tagging: "Stop tagging",
    own_progress: "Training {name}",
    own_over: "Trained.",
    own_over_left_out: {
        one: "{n} example was left out: it can’t be read any more.",
        other: "{n} examples were left out: they can’t be read any more.",
    },
    own_over_report: "Read the report",
    own_waiting: "A training of “{name}” from {moment} was interrupted.",
    own_resume: "Go on",
    own_give_up: "Give up",
    own_last_failed: "The training of {moment} failed.",

    own_tagging: "Tag with it",
    own_tag_again: "Tag this collection with version {n}",
    own_tagging_why:
        "Only the own tags are found anew, from what is already known of each picture: thousands a second.",
    own_untagged: {
        one: "{n} picture hasn’t been tagged with this version yet.",
        other: "{n} pictures haven’t been tagged with this version yet.",
    },
    own_tagging_failed: { one: "{n} couldn’t be read.", other: "{n} couldn’t be read." },
    own_all_tagged: "All pictures that are known are tagged with this version.",
    own_tagging_n: "Tagged {n} of {total}",
    own_changed_gained: { one: "{n} tag more", other: "{n} tags more" },
    own_changed_lost: { one: "{n} tag less", other: "{n} tags less" },
    own_changed_none: "Nothing changed.",
    own_changed_show: "Pictures that changed",
    own_changed_undo: "You can undo this as one step, or later under “Runs”.",

    own_draft: {
        one: "{n} correction since this version is taken into account already. It becomes part of the next version when you train.",
        other: "{n} corrections since this version are taken into account already. They become part of the next version when you train.",
    },

    own_when: "When it trains by itself",
    own_when_why: "While the page is open; what fell due meanwhile is done at your next visit.",
    own_weekly: "Every week",
    own_weekly_day: "Day",
    own_weekly_time: "Time",
    own_after_n: "After newly tagged pictures",
    own_after_n_count: "Number of pictures",
    own_next: "Next: {moment}.",
    own_due: "Due now.",
    own_n_new: { one: "{n} newly tagged picture so far.", other: "{n} newly tagged pictures so far." },

    own_versions: "Versions and reports",
    own_versions_none: "Each training makes a version with its report.",
    own_in_use: "In use",
    own_report: "Report",
    own_report_which: "Report of version {n}",
    own_use_version: "Use",
    own_use_version_which: "Use version {n}",
    own_compare: "Compare",
    own_compare_which: "Compare version {n} with the one in use",
    own_delete_version: "Delete",
    own_delete_version_which: "Delete version {n}",
    own_delete_version_sure:
        "Delete version {n} for good? Its report and all tags it found go with it. This can’t be undone.",
    own_delete: "Delete for good",
    own_remove_tagger: "Remove this tagger",
    own_remove_why: "Its tags vanish from all pictures, and tags you gave yourself stay. You can undo this.",
    own_keep_it: "Keep",

    own_limits: "What it can’t do well",
    own_limit_fine:
        "Fine differences, as between a slim and a regular fit shirt: it sees the whole picture on a small square, not the cut of a seam.",
    own_limit_tiny: "Tiny patterns or parts, such as a logo on a T-shirt: what is small in the picture is lost.",
    own_limit_background:
        "Busy backgrounds: nothing here measures how much of a picture is background. Calm ones teach better.",
    own_limit_few: "Tags with fewer than 30 examples: they work from 5 on, and are called “not completely trained”.",
    own_limit_language:
        "Words: a tag is called what you call it. It isn’t translated, unless it is one that the model knows by that name.",
    own_limit_other:
        "Pictures unlike all its examples get none of its tags. So it may miss a new kind of a thing it knows.",
    ...ownReports,
};
