/**
 * Swedish: settings, help, models, camera and self-test.
 * @import { Catalogues } from "./catalogues.d.ts"
 */
import { models } from "./sv_models.js";

/** @type {Catalogues["dialogs"]} */
export const dialogs = {
    said_taken: "Lade till {name}.",
    said_copied: "Kopierat.",
    said_not_copied: "Webbläsaren blockerade kopieringen. Markera texten och kopiera den själv.",
    settings_tags: "Taggar",
    max_tags: "Högsta antal taggar per bild",
    max_tags_why: "Modellens standardvärde: {n}.",
    thorough: "Titta närmare",
    thorough_why:
        "Analyserar även delar av varje bild. Hittar mindre föremål och ansikten men tar ungefär åtta gånger så lång tid. Taggade bilder taggas om.",
    allow: "Visa bara de här taggarna",
    allow_why: "Om listan är tom kan alla taggar visas.",
    deny: "Visa aldrig de här taggarna",
    deny_why: "Taggar som du själv lägger till visas alltid.",
    list_add: "Lägg till en tagg eller kategori",
    list_options: "Förslag",
    list_category: "kategori",
    list_remove: "Ta bort ”{name}” från listan",
    list_unknown: "Den aktuella modellen känner inte till posten, så den har ingen effekt.",
    list_not_found: "Den aktuella modellen har ingen tagg eller kategori som heter ”{typed}”.",
    settings_languages: "Språk",
    page_language: "Sidans språk",
    tag_language: "Taggarnas språk",
    tag_language_page: "Samma som sidan",
    settings_errors: "Fel",
    go_on_after_errors: "Fortsätt efter fel",
    go_on_after_errors_why: "När det är av pausas taggningen vid den första bilden som misslyckas.",
    relaunches: "Högsta antal omstarter efter krascher",
    relaunch_window: "Inom (sekunder)",
    relaunches_why:
        "Motorn startas om när den kraschar. Kraschar den oftare än så stängs modellen av tills du slår på den igen.",
    settings_model: "Modell",
    open_models: "Byt modell",
    reset_settings: "Återställ alla inställningar",
    undo: "Ångra",
    help_keys: "Kortkommandon",
    help_key: "Tangent",
    help_does: "Åtgärd",
    help_privacy: "Integritet",
    privacy_nothing_leaves:
        "Allt körs i den här webbläsaren. Inga bilder, taggar eller användningsdata lämnar enheten.",
    privacy_forbidden:
        "Sidan ser själv till det: dess Content Security Policy tillåter bara anslutningar till adressen den kom från.",
    privacy_check:
        "Kontrollera själv: håll koll på nätverksfliken i webbläsarens utvecklarverktyg, eller gå offline och fortsätt tagga.",
    help_offline: "Offline",
    help_offline_ready: "Den här versionen är sparad på enheten och fungerar offline.",
    help_offline_not:
        "Den här versionen är inte sparad på enheten ännu och behöver en anslutning. Över vanlig HTTP kan den inte sparas.",
    help_about: "Om",
    version: "Version {number} (build {build})",
    licences:
        "Tagsmith är fri programvara under MIT eller Apache-2.0. Programvara och licenser från tredje part finns i THIRD_PARTY.md i dess kodförråd.",
    self_test: "Självtest",
    self_test_what: "Taggar exempelbilderna och jämför resultaten med Tagsmiths referensresultat.",
    self_test_start: "Kör självtest",
    self_test_again: "Kör igen",
    self_test_copy: "Kopiera rapporten",
    self_test_running: "{done} av {n} klara",
    self_test_starting: "Startar motorn …",
    self_test_same: "Alla resultat stämmer med referensen.",
    self_test_same_in_use:
        "Alla resultat från motorn som används stämmer med referensen. Den andra motorn kunde inte läsas in.",
    self_test_other: {
        one: "{n} resultat avviker. Kopiera rapporten och skicka den till den som driver sidan.",
        other: "{n} resultat avviker. Kopiera rapporten och skicka den till den som driver sidan.",
    },
    self_test_no_answers: "Motorn som används gav inga resultat.",
    self_test_picture: "Bild",
    self_test_engine: "Motor",
    self_test_expected: "Förväntat",
    self_test_found: "Faktiskt",
    self_test_difference: "Skillnad",
    self_test_time: "Avkodning, storleksändring, modell (ms)",
    self_test_holds: "Stämmer",
    self_test_differs: "Avviker",
    self_test_allowed: "Tillåtet: högst {tolerance}",
    self_test_skipped: "{variant}: {reason}",
    camera: "Kamera",
    camera_opening: "Väntar på kameran. Webbläsaren kan be om tillåtelse.",
    camera_which: "Välj kamera",
    camera_unnamed: "Kamera {n}",
    camera_preview: "Kamerans bild",
    camera_take: "Ta bild",
    camera_taken: { one: "{n} bild tagen", other: "{n} bilder tagna" },
    camera_keys: "Blanksteg eller Retur tar en bild. Den läggs till direkt och stannar på den här enheten.",
    said_model_kept: "Lade till {name}. Tryck på Använd för att tagga med den.",
    said_model_in_use: "{name} används nu.",
    said_model_deleted: "Tog bort {name}.",
    said_one_model: "Modeller läggs till en i taget. Öppnar {name}.",
    said_model_needs_onnx: "De här filerna hör till en modell. Lägg till dem tillsammans med dess .onnx-fil.",
    ...models,
    errors: {
        camera_refused: {
            title: "Sidan får inte använda kameran.",
            remedy: "Tillåt kameran för sidan i webbläsarens inställningar och försök igen.",
            action: "Försök igen",
        },
        camera_missing: {
            title: "Ingen kamera hittades.",
            remedy: "Anslut en och försök igen.",
            action: "Försök igen",
        },
        camera_busy: {
            title: "Kameran svarar inte.",
            remedy: "Stäng andra appar och flikar som använder den och försök igen.",
            action: "Försök igen",
        },
        self_test_missing: {
            title: "Referensresultaten kunde inte läsas in.",
            remedy: "Kontrollera anslutningen och kör självtestet igen.",
            action: "Försök igen",
        },
        self_test_other_build: {
            title: "Referensresultaten hör till en annan version.",
            remedy: "Ladda om sidan. Om det inte hjälper blandar servern filer från två versioner.",
        },
        model_unreachable: {
            title: "Modellen kunde inte laddas ner från {subject}.",
            remedy: "Du kan vara offline, eller så tillåter värden inte nedladdningar från andra webbplatser. Försök igen senare.",
            action: "Försök igen",
        },
        model_transfer_broken: {
            title: "Nedladdningen från {subject} bröts.",
            remedy: "Inget sparades. Försök igen så börjar den om från början.",
            action: "Försök igen",
        },
        storage_full: {
            title: "Det finns inte plats för den här modellen.",
            remedy: "Ta bort en annan modell eller frigör plats på enheten och försök igen.",
            action: "Försök igen",
        },
        labels_missing: {
            title: "Etiketterna saknas.",
            remedy: "Välj listan över de klasser som modellen har tränats med.",
        },
        labels_invalid: {
            title: "De här etiketterna passar inte till modellen.",
            remedy: "Välj en fil med en etikett per klass, i modellens ordning. Detaljerna visar vad som är fel.",
        },
    },
};
