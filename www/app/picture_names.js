/** Extensions of raw photographs: the same as in src/session/formats.rs (tests/web/node/picture_names.test.mjs). */
export const RAW_EXTENSIONS = "3fr arw cr2 cr3 crw dng iiq mrw nef nrw orf pef raf raw rw2 srw x3f".split(" ");
