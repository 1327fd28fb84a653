use super::*;

/// Files of a made-up folder; documents have a content.
fn planned(name: &str, files: &[(&str, &str)], source: Option<TagSource>) -> Result<ImportPlan> {
    let entries: Vec<Entry> =
        files.iter().map(|(path, text)| Entry { path: (*path).into(), bytes: text.len() as u64 }).collect();
    let read = documents(&entries);
    let documents: Vec<Document> =
        read.iter().map(|&entry| Document { entry, bytes: files[entry as usize].1.as_bytes().to_vec() }).collect();
    plan(name, &entries, &documents, source)
}

/// Path and tags of each picture.
fn tags(files: &[(&str, &str)]) -> Vec<String> {
    tags_from(files, None)
}

fn tags_from(files: &[(&str, &str)], source: Option<TagSource>) -> Vec<String> {
    let plan = planned("set", files, source).unwrap();
    let line = |picture: &PlannedPicture| {
        let tags: Vec<&str> = picture.tags.iter().map(|tag| plan.tags[*tag as usize].name.as_str()).collect();
        format!("{}: {}", files[picture.entry as usize].0, tags.join(", "))
    };
    plan.pictures.iter().map(line).collect()
}

fn with_documents<'a>(pictures: &[&'a str], documents: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    pictures.iter().map(|path| (*path, "")).chain(documents.iter().copied()).collect()
}

fn refused(files: &[(&str, &str)], reason: &str) {
    let error = planned("set", files, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ImportInvalid);
    assert!(error.detail().contains(reason), "{error} does not mention {reason}");
}

#[test]
fn a_folder_is_a_tag_and_what_lies_beside_the_folders_is_left_out() {
    let files = [("cat/a.jpg", ""), ("cat/more/b.png", ""), ("Dog/c.JPG", ""), ("d.jpg", ""), ("cat/notes.txt", "")];
    assert_eq!(tags(&files), ["cat/a.jpg: cat", "cat/more/b.png: cat", "Dog/c.JPG: Dog"]);
    let plan = planned("x/Pets.zip", &files, None).unwrap();
    assert_eq!((plan.name.as_str(), plan.source, plan.tags[0].n), ("Pets", TagSource::Folders, 2));
    let left_out = LeftOut { reason: Reason::NoTag, n: 1, paths: vec!["d.jpg".into()] };
    assert_eq!(plan.left_out, [left_out]);
}

#[test]
fn hostile_paths_are_left_out_and_named_safely() {
    let files = [("cat/a.jpg", ""), ("../cat/b.jpg", ""), ("cat/\u{1b}[2Jc.jpg", ""), ("cat/a.jpg", "")];
    let plan = planned("set", &files, None).unwrap();
    assert_eq!(plan.pictures.len(), 1);
    let reasons: Vec<_> = plan.left_out.iter().map(|one| (one.reason, one.n)).collect();
    assert_eq!(reasons, [(Reason::UnsafePath, 2), (Reason::SamePath, 1)]);
    assert_eq!(plan.left_out[0].paths[1], "cat/\\u{1b}[2Jc.jpg");
}

/// As Teachable Machine 2.4.7 writes it.
const MANIFEST: &str = r#"{"type":"image","version":"2.4.7","appdata":{"publishResults":{},"trainEpochs":50,"trainBatchSize":16,"trainLearningRate":0.001}}"#;

#[test]
fn a_project_of_teachable_machine_has_its_classes_in_the_names() {
    let files = with_documents(
        &["Moeda de 1 Real-!-0.jpg", "Moeda de 1 Real-!-1.jpg", "A/B-!-0.jpg"],
        &[("manifest.json", MANIFEST)],
    );
    assert_eq!(tags(&files)[1..], ["Moeda de 1 Real-!-1.jpg: Moeda de 1 Real", "A/B-!-0.jpg: A/B"]);
    let plan = planned("project.tm", &files, None).unwrap();
    assert_eq!((plan.source, plan.name.as_str()), (TagSource::TeachableMachine, "project"));
    let audio = MANIFEST.replace("image", "audio");
    refused(&[("manifest.json", &audio), ("sounds-!-0.webm", "")], "\"audio\"");
}

#[test]
fn a_model_without_its_pictures_says_what_is_wanted_instead() {
    refused(&[("model.onnx", ""), ("labels.txt", "")], "trained model");
    refused(&[("model.json", "{}"), ("weights.bin", ""), ("metadata.json", "{}")], "Download project as file");
    refused(&[("a.jpg", ""), ("b.jpg", "")], "no picture in it has a tag");
    refused(&[("read.me", "")], "no pictures");
    refused(&[], "no pictures");
}

#[test]
fn the_list_of_microsofts_migration_is_read() {
    let list = r#"{"images": [
        {"id": 1, "width": 3, "height": 2, "coco_url": "https://x/p_1/images/aa-1", "file_name": "p_1/images/aa-1"},
        {"id": 2, "width": 3, "height": 2, "coco_url": "https://x/p_1/images/bb-2", "file_name": "p_1/images/bb-2"},
        {"id": 3, "width": 3, "height": 2, "coco_url": "https://x/p_1/images/cc-3", "file_name": "p_1/images/cc-3"},
        {"id": 4, "width": 3, "height": 2, "coco_url": "https://x/p_1/images/dd-4", "file_name": "p_1/images/dd-4"}],
      "categories": [{"id": 1, "name": "damage"}, {"id": 2, "name": "Negative"}, {"id": 3, "name": "red"}],
      "annotations": [{"id": 1, "image_id": 1, "category_id": 1}, {"id": 2, "image_id": 1, "category_id": 3},
        {"id": 3, "image_id": 2, "category_id": 2}, {"id": 4, "image_id": 4, "category_id": 1, "bbox": [0, 0, 1, 1]},
        {"id": 5, "image_id": 4, "category_id": 1, "bbox": [0, 0, 1, 1]}, {"id": 6, "image_id": 9, "category_id": 9}]}"#;
    // The pictures lie elsewhere than the list says, and have no ending; one has no tag yet.
    let files = with_documents(&["images/aa-1", "images/bb-2", "images/cc-3", "images/dd-4"], &[("train.json", list)]);
    assert_eq!(tags(&files), ["images/aa-1: damage, red", "images/bb-2: ", "images/dd-4: damage"]);
}

#[test]
fn many_categories_on_one_picture_are_read_in_no_time() {
    let all = |one: fn(usize) -> String| (0..20_000).map(one).collect::<Vec<_>>().join(",");
    let categories = all(|id| format!("{{\"id\":{id},\"name\":\"{}\"}}", if id < 3 { "x" } else { "\u{202e}" }));
    let boxes = all(|id| format!("{{\"image_id\":1,\"category_id\":{id}}}"));
    let list =
        format!(r#"{{"images":[{{"id":1,"file_name":"a"}}],"categories":[{categories}],"annotations":[{boxes}]}}"#);
    let begin = std::time::Instant::now();
    assert_eq!(tags(&[("a.jpg", ""), ("train.json", &list)]), ["a.jpg: x"]);
    assert!(begin.elapsed().as_secs() < 5, "{:?}", begin.elapsed());
}

#[test]
fn lists_of_the_service_and_of_scripts_around_it_are_read() {
    let answer = r#"[{"id": "aa-1", "width": 275, "height": 183, "originalImageUri": "https://x/i-aa-1", "regions": null,
        "tags": [{"tagId": "t1", "tagName": "no_damage", "created": "2024-12-16T09:29:43.63Z"}]},
        {"id": "gone", "tags": [{"tagId": "t1", "tagName": "no_damage"}]}]"#;
    let files = with_documents(&["pictures/aa-1.jpg"], &[("tagged.json", answer)]);
    assert_eq!(tags(&files), ["pictures/aa-1.jpg: no_damage"]);
    assert_eq!(planned("x", &files, None).unwrap().left_out[0].reason, Reason::Missing);
    let metadata = r#"{"project_id": "p", "tags": ["a", "b"], "images": [{"id": "aa-1", "original_filename": "image_aa-1.jpg",
        "saved_path": "projects/p/images/a/aa-1_image_aa-1.jpg", "tags": ["a", "b"], "tag_details": [], "width": 1}]}"#;
    let files = with_documents(&["a/aa-1_image_aa-1.jpg"], &[("images_metadata.json", metadata)]);
    assert_eq!(tags(&files), ["a/aa-1_image_aa-1.jpg: a, b"]);
}

#[test]
fn tables_are_read_as_people_write_them() {
    for table in [
        "file,tags\na.jpg,\"hat, shoe\"\nb.jpg,hat\n",
        "file;tags\r\na.jpg;hat|shoe\r\nb.jpg;hat\r\n",
        "\u{feff}Filename\tTag\na.jpg\that\na.jpg\tshoe\nb.jpg\that\n",
        "a.jpg,hat,shoe\nb.jpg,hat\n",
        "TRAIN,gs://bucket/set/a.jpg,hat,shoe\nTEST,gs://bucket/set/b.jpg,hat\n",
        "image,hat,shoe\na.jpg,1,1\nb.jpg,1,0\n",
        "id,picture,tag1,tag2\n1,C:\\set\\a.jpg,hat,shoe\n2,C:\\set\\b.jpg,hat,\n",
        "path,tag,name,category\n./a.jpg,hat,Hat,x\na.jpg,shoe,Shoe,x\nb.jpg,HAT,Hat,x\n",
    ] {
        let files = with_documents(&["set/a.jpg", "set/b.jpg"], &[("set/list.csv", table)]);
        assert_eq!(tags_from(&files, Some(TagSource::Table)), ["set/a.jpg: hat, shoe", "set/b.jpg: hat"], "{table}");
    }
}

#[test]
fn a_table_says_which_files_are_missing_and_which_pictures_show_nothing() {
    let table = "file,tag\na.jpg,'=hat\nb.jpg,\ngone.jpg,hat\n../a.jpg,hat\n";
    let files = with_documents(&["a.jpg", "b.jpg", "c.jpg"], &[("list.csv", table)]);
    assert_eq!(tags(&files), ["a.jpg: =hat", "b.jpg: "]);
    let plan = planned("list.csv", &files, None).unwrap();
    let reasons: Vec<_> = plan.left_out.iter().map(|one| (one.reason, one.n)).collect();
    assert_eq!(reasons, [(Reason::NoTag, 1), (Reason::Missing, 2)]);
}

#[test]
fn tables_of_excel_are_read_in_its_character_sets() {
    let entries = [("a.jpg", 0), ("list.csv", 99)].map(|(path, bytes)| Entry { path: path.into(), bytes });
    let utf16: Vec<u8> = "\u{feff}fil;taggar\na.jpg;blåbär\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [b"fil;taggar\na.jpg;bl\xe5b\xe4r\n".to_vec(), utf16] {
        let plan = plan("x", &entries, &[Document { entry: 1, bytes }], None).unwrap();
        assert_eq!(plan.tags[0].name, "blåbär");
    }
}

#[test]
fn a_million_labels_are_refused_soon() {
    let rows: String = (0..1_000_000).map(|number| format!("a.jpg,label{number}\n")).collect();
    refused(&[("a.jpg", ""), ("list.csv", &format!("file,tag\n{rows}"))], "more than");
    let folders: Vec<String> = (0..6000).map(|number| format!("{number} x/a.jpg")).collect();
    let files: Vec<(&str, &str)> = folders.iter().map(|path| (path.as_str(), "")).collect();
    refused(&files, "more than");
}

#[test]
fn sidecars_are_read_from_either_name() {
    let packet = |list: &str| {
        format!(
            r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:digiKam="http://www.digikam.org/ns/1.0/">{list}</rdf:Description></rdf:RDF></x:xmpmeta>"#
        )
    };
    let flat =
        packet("<dc:subject><rdf:Bag><rdf:li>hat &amp; coat</rdf:li><rdf:li>shoe</rdf:li></rdf:Bag></dc:subject>");
    let paths = packet("<digiKam:TagsList><rdf:Seq><rdf:li>Clothes/Hat</rdf:li></rdf:Seq></digiKam:TagsList>");
    let files = with_documents(
        &["x/a.jpg", "x/b.CR2", "x/c.jpg"],
        &[("x/a.jpg.xmp", &flat), ("x/b.xmp", &paths), ("x/c.xmp", "broken")],
    );
    assert_eq!(tags(&files), ["x/a.jpg: hat & coat, shoe", "x/b.CR2: Hat"]);
}

#[test]
fn the_likeliest_source_is_taken_and_another_can_be_chosen() {
    let files = with_documents(
        &["cat/a.jpg", "cat/b.jpg", "dog/c.jpg", "dog/d.jpg", "dog/e.jpg"],
        &[("list.csv", "file,tag\na.jpg,hat\nb.jpg,hat\nc.jpg,hat\n"), ("other.csv", "when,what\n1,2\n")],
    );
    assert_eq!(tags(&files), ["cat/a.jpg: hat", "cat/b.jpg: hat", "dog/c.jpg: hat"]);
    let plan = planned("x", &files, Some(TagSource::Folders)).unwrap();
    assert_eq!((plan.pictures.len(), plan.sources), (5, vec![TagSource::Table, TagSource::Folders]));
    let error = planned("x", &files, Some(TagSource::Sidecars)).unwrap_err();
    assert!(error.detail().contains("another way"), "{error}");
    let few = with_documents(&["cat/a.jpg", "cat/b.jpg", "dog/c.jpg"], &[("list.csv", "file,tag\na.jpg,hat\n")]);
    assert_eq!(planned("x", &few, None).unwrap().source, TagSource::Folders);
}

#[test]
fn what_is_too_large_or_too_much_is_not_read() {
    let entry = |path: &str, bytes| Entry { path: path.into(), bytes };
    let mut entries = vec![entry("big.csv", 33 << 20), entry("a.xmp", 2 << 20), entry("b.xmp", 9), entry("c.jpg", 1)];
    assert_eq!(documents(&entries), [2]);
    entries.extend((0..30).map(|number| entry(&format!("{number}.json"), 1)));
    assert_eq!(documents(&entries).len(), 21);
    entries.extend((0..600_000).map(|number| entry(&format!("{number}.jpg"), 1)));
    let error = plan("x", &entries, &[], None).unwrap_err();
    assert!(error.detail().contains("Choose a part"), "{error}");
}

proptest::proptest! {
    #[test]
    fn whatever_a_folder_holds_a_plan_is_made_or_refused(
        paths in proptest::collection::vec("[a-b./\\\\:\\-! ]{0,8}(\\.jpg|\\.csv|\\.json|\\.xmp|)", 0..12),
        text in "[\\[\\]{}\",;|a-b.:0-1\\n\\tjpgtagsidimnfle_]{0,80}",
    ) {
        let entries: Vec<Entry> = paths.iter().map(|path| Entry { path: path.clone(), bytes: 9 }).collect();
        let documents: Vec<Document> =
            documents(&entries).into_iter().map(|entry| Document { entry, bytes: text.clone().into_bytes() }).collect();
        if let Ok(plan) = plan("x", &entries, &documents, None) {
            for picture in &plan.pictures {
                assert!((picture.entry as usize) < entries.len());
                assert!(picture.tags.iter().all(|tag| (*tag as usize) < plan.tags.len()));
            }
        }
        let _ = Archive::open(std::io::Cursor::new(text.into_bytes()));
    }
}
