/** Svenska: taggar som man lär ut själv. */
import { ownReports } from "./sv_own_reports.js";

/** @type {import("./catalogues.d.ts").Catalogues["own_tags"]} */
export const own_tags = {
    taught_what:
        "Lär ut taggar som ingen färdig modell känner till: dina produkter, dina platser, dina ord. Tagga några bilder själv, träna, så taggas resten likadant. Allt sker på den här enheten. Bara det du tar bort för gott går inte att ångra.",
    taught_none: "Ingen taggare än. Skapa en här, eller markera bilder i rutnätet och välj ”Lär ut en tagg”.",
    taught_new_name: "Den nya taggarens namn",
    taught_make: "Skapa",
    taught_all: "Alla taggare",
    taught_open: "Öppna",
    taught_open_which: "Öppna {name}",
    taught_called: "Namn",
    taught_never_trained: "Inte tränad än",
    taught_version: "Version {n}",
    taught_version_of: "Version {n} från {day}",
    taught_n_tags: { one: "{n} tagg", other: "{n} taggar" },
    taught_n_pictures: { one: "{n} bild", other: "{n} bilder" },
    taught_use: "Använd {name}",
    taught_overlaps: "”{tag}” lärs ut både här och i ”{name}”. Båda kan föreslå den, var och en på sitt sätt.",

    taught_teach_what: {
        one: "Bilden blir ett exempel på taggen: den bär taggen som din, och taggaren lär sig av den när du tränar.",
        other: "De {n} bilderna blir exempel på taggen: de bär den som din, och taggaren lär sig av dem när du tränar.",
    },
    taught_teach_tag: "Tagg",
    taught_teach_tagger: "Taggare",
    taught_teach_new: "En ny taggare",
    taught_mine: "Mina taggar",
    taught_teach_do: "Lär ut",
    taught_teach_counts: "En tagg kräver minst 5 bilder för att tränas. Från 30 räknas den som färdigtränad.",

    taught_set: "Bilder den lär sig av",
    taught_set_why:
        "Alla bilder i de här samlingarna som har en tagg du har gett eller godkänt. Det du har tagit bort är motexempel.",
    taught_set_collections: "Samlingar den lär sig av",
    taught_set_of_selection: { one: "Den lär sig av {n} vald bild.", other: "Den lär sig av {n} valda bilder." },
    taught_set_reading: "Räknar exempel…",
    taught_set_empty:
        "Ingen bild här har någon av dina taggar än. Tagga minst 5 bilder med varje tagg du vill lära ut.",
    taught_set_facts: { one: "{n} bild med dina taggar", other: "{n} bilder med dina taggar" },
    taught_set_to_embed: {
        one: "{n} behöver tittas på först, när du tränar.",
        other: "{n} behöver tittas på först, när du tränar.",
    },
    taught_set_without_file: {
        one: "{n} går inte längre att läsa: filen behövs. Den lämnas utanför tills du lägger till den igen.",
        other: "{n} går inte längre att läsa: filerna behövs. De lämnas utanför tills du lägger till dem igen.",
    },
    taught_set_removed: { one: "{n} borttagen", other: "{n} borttagna" },
    taught_set_tags: "Taggar och deras exempel",
    taught_add_tag: "Lägg till exempel på taggen",
    taught_add_choose: "Välj bilder",
    taught_add_why:
        "Eller släpp bilder här. Utan tagg: släpp mappar, så får varje bild sin mapps namn. Arkiv (ZIP), Teachable Machine-projekt (.tm) och tabeller (CSV), listor eller sidofiler bredvid bilderna har själva taggarna. De läggs i samlingen i rutnätet.",
    taught_adding: "Lägger till bilder: {n} hittills…",
    taught_added: { one: "{n} exempel tillagt.", other: "{n} exempel tillagda." },
    taught_added_left: {
        one: "{n} fil lämnades utanför: den har ingen tagg eller är ingen bild. Skriv en tagg ovan och välj den igen.",
        other: "{n} filer lämnades utanför: de har ingen tagg eller är inga bilder. Skriv en tagg ovan och välj dem igen.",
    },
    taught_left_no_tag: { one: "{n} bild utan tagg", other: "{n} bilder utan tagg" },
    taught_left_missing: {
        one: "{n} fil som en lista nämner finns inte",
        other: "{n} filer som en lista nämner finns inte",
    },
    taught_left_unsafe_path: {
        one: "{n} fil vars sökväg leder någon annanstans",
        other: "{n} filer vars sökvägar leder någon annanstans",
    },
    taught_left_same_path: { one: "{n} fil som fanns två gånger", other: "{n} filer som fanns två gånger" },
    taught_keeps_squares: "Spara det som nätverket såg av varje bild",
    taught_keeps_squares_why:
        "Ungefär 15 kB per bild. Då kan taggaren tränas för en annan modell senare utan originalen.",

    taught_light_green: "Bra",
    taught_light_yellow: "Kan bli bättre",
    taught_light_red: "Behöver ses över",
    taught_light_none: "Inte bedömt",
    taught_lights: "Hur det står till med exemplen på ”{name}”",
    taught_show_pictures: { one: "Visa bilden", other: "Visa {n} bilder" },
    taught_open_picture: "Öppna {name}",
    taught_picture_gone: "En bild som inte finns kvar här",
    taught_picture_elsewhere: "{name}, i en annan samling",

    taught_train: "Träna",
    taught_train_title: "Rapportens rubrik",
    taught_train_comment: "Kommentar",
    taught_train_optional: "Valfritt. Båda sparas med rapporten.",
    taught_train_now: "Träna nu",
    taught_train_too_few: "Tagga minst 5 bilder med en tagg först.",
    taught_train_busy: "En annan träning pågår.",
    taught_stage_reading: "Läser exempel…",
    taught_stage_embedding: "Tittar på bilder: {n} av {total}",
    taught_stage_paused: "Den väntar: taggningen är pausad.",
    taught_stage_fitting: "Lär sig…",
    taught_stage_keeping: "Sparar…",
    taught_cancel: "Avbryt träningen",
    taught_cancel_tagging: "Sluta tagga",
    taught_progress: "Tränar {name}",
    taught_over: "Tränad.",
    taught_over_left_out: {
        one: "{n} exempel lämnades utanför: det går inte att läsa längre.",
        other: "{n} exempel lämnades utanför: de går inte att läsa längre.",
    },
    taught_over_report: "Läs rapporten",
    taught_goes_on: "Den avbrutna träningen av ”{name}” fortsätter",
    taught_waiting: "En träning av ”{name}” från {moment} har avbrutits flera gånger.",
    taught_resume: "Fortsätt",
    taught_give_up: "Ge upp",
    taught_last_failed: "Träningen {moment} misslyckades.",

    taught_tagging: "Tagga med den",
    taught_tag_again: "Tagga samlingen med version {n}",
    taught_tagging_why:
        "Bara de egna taggarna hittas på nytt, ur det som redan är känt om varje bild: tusentals i sekunden.",
    taught_untagged: {
        one: "{n} bild har inte taggats med den här versionen än.",
        other: "{n} bilder har inte taggats med den här versionen än.",
    },
    taught_tagging_failed: { one: "{n} gick inte att läsa.", other: "{n} gick inte att läsa." },
    taught_all_tagged: "Alla kända bilder är taggade med den här versionen.",
    taught_tagging_by: "Taggar med {name}",
    taught_tagging_n: "Taggat {n} av {total}",
    taught_changed_gained: { one: "{n} tagg till", other: "{n} taggar till" },
    taught_changed_lost: { one: "{n} tagg färre", other: "{n} taggar färre" },
    taught_changed_none: "Inget ändrades.",
    taught_changed_show: "Bilder som ändrades",
    taught_changed_undo: "Du kan ångra det som ett steg, eller senare under ”Körningar”.",

    taught_line_untagged: {
        one: "”{name}” har inte sett {n} av de här bilderna än.",
        other: "”{name}” har inte sett {n} av de här bilderna än.",
    },
    taught_line_tag: "Tagga med den",
    taught_line_leave: "Inte nu",
    taught_said_trained: "”{name}” är tränad.",
    taught_draft: {
        one: "{n} rättelse sedan den här versionen räknas redan in. Den blir en del av nästa version när du tränar.",
        other: "{n} rättelser sedan den här versionen räknas redan in. De blir en del av nästa version när du tränar.",
    },

    taught_when: "När den tränar av sig själv",
    taught_when_why:
        "Ur samlingar med smarta taggar på, medan sidan är öppen; det som skulle ha gjorts under tiden görs vid ditt nästa besök.",
    taught_smart: "Samlingar med smarta taggar",
    taught_smart_in: "Slå på smarta taggar i ”{name}”",
    taught_as_added: "Tagga bilder när de läggs till",
    taught_as_added_always: "Alltid",
    taught_as_added_smart: "Bara där smarta taggar är på",
    taught_as_added_never: "Aldrig",
    taught_as_added_why:
        "Det som inte taggas väntar som ”inte taggat”, med en knapp som taggar det. Var smarta taggar är på ställer du in hos varje taggare, under ”När den tränar av sig själv”.",
    taught_weekly: "Varje vecka",
    taught_weekly_day: "Dag",
    taught_weekly_time: "Tid",
    taught_after_n: "Efter nytaggade bilder",
    taught_after_n_count: "Antal bilder",
    taught_next: "Nästa: {moment}.",
    taught_due: "Dags nu.",
    taught_n_new: { one: "{n} nytaggad bild hittills.", other: "{n} nytaggade bilder hittills." },

    taught_versions: "Versioner och rapporter",
    taught_save: "Exportera",
    taught_save_which: "Exportera version {n} som en fil",
    taught_save_onnx: "ONNX",
    taught_save_onnx_which: "Exportera version {n} och dess nätverk som en ONNX-fil för andra program",
    taught_add_file: "Lägg till en taggare från en fil",
    taught_add_file_why:
        "En som exporterades här eller någon annanstans, NAMN.tagger.json. Den har taggarna och det som lärts, och inga bilder.",
    taught_versions_none: "Varje träning ger en version med sin rapport.",
    taught_in_use: "Används",
    taught_report: "Rapport",
    taught_report_which: "Rapport för version {n}",
    taught_use_version: "Använd",
    taught_use_version_which: "Använd version {n}",
    taught_compare: "Jämför",
    taught_compare_which: "Jämför version {n} med den som används",
    taught_delete_version: "Ta bort",
    taught_delete_version_which: "Ta bort version {n}",
    taught_delete_version_sure:
        "Ta bort version {n} för gott? Rapporten och alla taggar den har hittat försvinner också. Det går inte att ångra.",
    taught_delete: "Ta bort för gott",
    taught_remove_tagger: "Ta bort taggaren",
    taught_remove_why:
        "Dess taggar försvinner från alla bilder, och taggar du har gett själv blir kvar. Det går att ångra.",
    taught_delete_tagger: "Ta bort taggaren för gott",
    taught_delete_tagger_sure:
        "Ta bort ”{name}” för gott? Versionerna, rapporterna och alla taggar den har hittat försvinner också. Det går inte att ångra.",
    taught_keep_it: "Behåll",

    taught_limits: "Vad den inte klarar bra",
    taught_limit_fine:
        "Små skillnader, som mellan en smal och en rak skjorta: den ser hela bilden på en liten kvadrat, inte hur en söm går.",
    taught_limit_tiny: "Små mönster eller delar, som en logotyp på en T-shirt: det som är litet i bilden går förlorat.",
    taught_limit_background:
        "Röriga bakgrunder: inget här mäter hur stor del av en bild som är bakgrund. Lugna lär ut bättre.",
    taught_limit_few: "Taggar med färre än 30 exempel: de fungerar från 5, och kallas ”inte färdigtränade”.",
    taught_limit_language:
        "Ord: en tagg heter vad du kallar den. Den översätts inte, om den inte är en som modellen känner under det namnet.",
    taught_limit_other:
        "Bilder som inte liknar något av exemplen får ingen av dess taggar. Därför kan den missa en ny sort av något den känner.",
    ...ownReports,
};
