/** English: what is kept of earlier visits, and what keeps it from being read or written. */
export const kept = {
    said_files_again: { one: "{n} picture has its file again.", other: "{n} pictures have their files again." },
};

export const keptErrors = {
    library_unreadable: {
        title: "Your pictures and tags couldn’t be opened.",
        remedy: "They are still here. Close other tabs of this page, then try again.",
        action: "Try again",
    },
    library_unwritten: {
        title: "The last changes couldn’t be saved.",
        remedy: "Everything before them is kept. Try again, or save a backup.",
        action: "Try again",
    },
    library_full: {
        title: "There is no room left to save your tags.",
        remedy: "Free up space on this device. What is done waits, and is saved as soon as there is room.",
        action: "Try again",
    },
    library_damaged: {
        title: "The library is damaged.",
        remedy: "Restore a backup, or start a new library. Nothing in your picture files has changed.",
        action: "Try again",
    },
    library_newer: {
        title: "A newer version of Tagsmith has written this library.",
        remedy: "Close every tab of this page and open it again to get that version.",
    },
    library_too_large: {
        title: "The library has more tags than fit beside this model’s.",
        remedy: "Choose the model that tagged most of your pictures, or undo runs of other models.",
    },
    library_in_use: {
        title: "Another version of this page has the library open.",
        remedy: "Close or reload the other tabs of this page, then try again.",
        action: "Try again",
    },
    store_failed: {
        title: "The browser couldn’t read or write the library.",
        remedy: "Free up space on this device and reload the page. What was tagged before is kept.",
        action: "Try again",
    },
};
