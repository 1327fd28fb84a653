/** English: tags that people teach. */
import { ownReports } from "./en_own_reports.js";

export const own_tags = {
    taught_what:
        "Teach tags that no ready-made model knows: your products, your places, your words. Tag some pictures yourself, train, and the rest is tagged like them. Everything happens on this device. Only what you delete for good can’t be undone.",
    taught_none: "No tagger yet. Make one here, or select pictures in the grid and choose “Teach a tag”.",
    taught_new_name: "Name of the new tagger",
    taught_make: "Make",
    taught_all: "All taggers",
    taught_open: "Open",
    taught_open_which: "Open {name}",
    taught_called: "Name",
    taught_never_trained: "Not trained yet",
    taught_version: "Version {n}",
    taught_version_of: "Version {n} of {day}",
    taught_n_tags: { one: "{n} tag", other: "{n} tags" },
    taught_n_pictures: { one: "{n} picture", other: "{n} pictures" },
    taught_use: "Use {name}",
    taught_overlaps: "“{tag}” is taught here and in “{name}”. Both may say it, each in its own way.",

    taught_teach_what: {
        one: "The picture becomes an example of the tag: it carries the tag as yours, and the tagger learns from it when you train.",
        other: "The {n} pictures become examples of the tag: they carry it as yours, and the tagger learns from them when you train.",
    },
    taught_teach_tag: "Tag",
    taught_teach_tagger: "Tagger",
    taught_teach_new: "A new tagger",
    taught_mine: "My tags",
    taught_teach_do: "Teach",
    taught_teach_counts:
        "5 pictures are the least a tag can be trained with. From 30 on it counts as completely trained.",

    taught_set: "Pictures it learns from",
    taught_set_why:
        "All pictures of these collections that carry a tag you gave or accepted. What you removed is a counter-example.",
    taught_set_collections: "Collections it learns from",
    taught_set_of_selection: {
        one: "It learns from {n} chosen picture.",
        other: "It learns from {n} chosen pictures.",
    },
    taught_set_reading: "Counting examples…",
    taught_set_empty:
        "No picture here carries a tag of yours yet. Tag at least 5 pictures with each tag you want to teach.",
    taught_set_facts: {
        one: "{n} picture with your tags",
        other: "{n} pictures with your tags",
    },
    taught_set_to_embed: {
        one: "{n} has to be looked at first, when you train.",
        other: "{n} have to be looked at first, when you train.",
    },
    taught_set_without_file: {
        one: "{n} can’t be read any more: its file is needed. It is left out until you add it again.",
        other: "{n} can’t be read any more: their files are needed. They are left out until you add them again.",
    },
    taught_set_removed: { one: "{n} removed", other: "{n} removed" },
    taught_set_tags: "Tags and their examples",
    taught_add_tag: "Add examples of the tag",
    taught_add_choose: "Choose pictures",
    taught_add_why:
        "Or drop pictures here. Without a tag, drop folders: each picture gets the name of its folder. Archives (ZIP), Teachable Machine projects (.tm), and tables (CSV), lists or sidecars beside pictures say the tags themselves. They join the collection in the grid.",
    taught_adding: "Adding pictures: {n} so far…",
    taught_added: { one: "{n} example added.", other: "{n} examples added." },
    taught_added_left: {
        one: "{n} file was left out: it has no tag, or is no picture. Type a tag above, and choose it again.",
        other: "{n} files were left out: they have no tag, or are no pictures. Type a tag above, and choose them again.",
    },
    taught_left_no_tag: { one: "{n} picture without a tag", other: "{n} pictures without a tag" },
    taught_left_missing: {
        one: "{n} file that a list names isn’t there",
        other: "{n} files that a list names aren’t there",
    },
    taught_left_unsafe_path: {
        one: "{n} file whose path leads elsewhere",
        other: "{n} files whose paths lead elsewhere",
    },
    taught_left_same_path: { one: "{n} file that was there twice", other: "{n} files that were there twice" },
    taught_keeps_squares: "Keep what the network saw of each picture",
    taught_keeps_squares_why:
        "About 15 KB a picture. With it, the tagger can be trained for another model later without the originals.",

    taught_light_green: "Good",
    taught_light_yellow: "Could be better",
    taught_light_red: "Needs attention",
    taught_light_none: "Not judged",
    taught_lights: "How the examples of “{name}” stand",
    taught_show_pictures: { one: "Show the picture", other: "Show {n} pictures" },
    taught_open_picture: "Open {name}",
    taught_picture_gone: "A picture that is not here any more",
    taught_picture_elsewhere: "{name}, in another collection",

    taught_train: "Train",
    taught_train_title: "Title of the report",
    taught_train_comment: "Comment",
    taught_train_optional: "Optional. Both are kept with the report.",
    taught_train_now: "Train now",
    taught_train_too_few: "Tag at least 5 pictures with one tag first.",
    taught_train_busy: "Another training is under way.",
    taught_stage_reading: "Reading examples…",
    taught_stage_embedding: "Looking at pictures: {n} of {total}",
    taught_stage_paused: "It waits: tagging is paused.",
    taught_stage_fitting: "Learning…",
    taught_stage_keeping: "Saving…",
    taught_cancel: "Cancel training",
    taught_cancel_tagging: "Stop tagging",
    taught_progress: "Training {name}",
    taught_over: "Trained.",
    taught_over_left_out: {
        one: "{n} example was left out: it can’t be read any more.",
        other: "{n} examples were left out: they can’t be read any more.",
    },
    taught_over_report: "Read the report",
    taught_goes_on: "The interrupted training of “{name}” goes on",
    taught_waiting: "A training of “{name}” from {moment} was interrupted several times.",
    taught_resume: "Go on",
    taught_give_up: "Give up",
    taught_last_failed: "The training of {moment} failed.",

    taught_tagging: "Tag with it",
    taught_tag_again: "Tag this collection with version {n}",
    taught_tagging_why:
        "Only the own tags are found anew, from what is already known of each picture: thousands a second.",
    taught_untagged: {
        one: "{n} picture hasn’t been tagged with this version yet.",
        other: "{n} pictures haven’t been tagged with this version yet.",
    },
    taught_tagging_failed: { one: "{n} couldn’t be read.", other: "{n} couldn’t be read." },
    taught_all_tagged: "All pictures that are known are tagged with this version.",
    taught_tagging_by: "Tagging with {name}",
    taught_tagging_n: "Tagged {n} of {total}",
    taught_changed_gained: { one: "{n} tag more", other: "{n} tags more" },
    taught_changed_lost: { one: "{n} tag less", other: "{n} tags less" },
    taught_changed_none: "Nothing changed.",
    taught_changed_show: "Pictures that changed",
    taught_changed_undo: "You can undo this as one step, or later under “Runs”.",

    taught_line_untagged: {
        one: "“{name}” hasn’t seen {n} of these pictures yet.",
        other: "“{name}” hasn’t seen {n} of these pictures yet.",
    },
    taught_line_tag: "Tag with it",
    taught_line_leave: "Not now",
    taught_said_trained: "“{name}” is trained.",
    taught_draft: {
        one: "{n} correction since this version is taken into account already. It becomes part of the next version when you train.",
        other: "{n} corrections since this version are taken into account already. They become part of the next version when you train.",
    },

    taught_when: "When it trains by itself",
    taught_when_why:
        "From collections with smart tags on, while the page is open; what fell due meanwhile is done at your next visit.",
    taught_smart: "Collections with smart tags",
    taught_smart_in: "Enable smart tags in “{name}”",
    taught_as_added: "Tag pictures as they are added",
    taught_as_added_always: "Always",
    taught_as_added_smart: "Only where smart tags are on",
    taught_as_added_never: "Never",
    taught_as_added_why:
        "What isn’t tagged waits as “not tagged”, with a button that tags it. Where smart tags are on is set with each tagger, under “When it trains by itself”.",
    taught_weekly: "Every week",
    taught_weekly_day: "Day",
    taught_weekly_time: "Time",
    taught_after_n: "After newly tagged pictures",
    taught_after_n_count: "Number of pictures",
    taught_next: "Next: {moment}.",
    taught_due: "Due now.",
    taught_n_new: { one: "{n} newly tagged picture so far.", other: "{n} newly tagged pictures so far." },

    taught_versions: "Versions and reports",
    taught_save: "Export",
    taught_save_which: "Export version {n} as a file",
    taught_save_onnx: "ONNX",
    taught_save_onnx_which: "Export version {n} and its network as one ONNX file for other programs",
    taught_add_file: "Add a tagger from a file",
    taught_add_file_why:
        "One that was exported here or elsewhere, NAME.tagger.json. It has the tags and what was learned, and no pictures.",
    taught_versions_none: "Each training makes a version with its report.",
    taught_in_use: "In use",
    taught_report: "Report",
    taught_report_which: "Report of version {n}",
    taught_use_version: "Use",
    taught_use_version_which: "Use version {n}",
    taught_compare: "Compare",
    taught_compare_which: "Compare version {n} with the one in use",
    taught_delete_version: "Delete",
    taught_delete_version_which: "Delete version {n}",
    taught_delete_version_sure:
        "Delete version {n} for good? Its report and all tags it found go with it. This can’t be undone.",
    taught_delete: "Delete for good",
    taught_remove_tagger: "Remove this tagger",
    taught_remove_why: "Its tags vanish from all pictures, and tags you gave yourself stay. You can undo this.",
    taught_delete_tagger: "Delete this tagger for good",
    taught_delete_tagger_sure:
        "Delete “{name}” for good? Its versions, its reports and all tags it found go with it. This can’t be undone.",
    taught_keep_it: "Keep",

    taught_limits: "What it can’t do well",
    taught_limit_fine:
        "Fine differences, as between a slim and a regular fit shirt: it sees the whole picture on a small square, not the cut of a seam.",
    taught_limit_tiny: "Tiny patterns or parts, such as a logo on a T-shirt: what is small in the picture is lost.",
    taught_limit_background:
        "Busy backgrounds: nothing here measures how much of a picture is background. Calm ones teach better.",
    taught_limit_few: "Tags with fewer than 30 examples: they work from 5 on, and are called “not completely trained”.",
    taught_limit_language:
        "Words: a tag is called what you call it. It isn’t translated, unless it is one that the model knows by that name.",
    taught_limit_other:
        "Pictures unlike all its examples get none of its tags. So it may miss a new kind of a thing it knows.",
    ...ownReports,
};
