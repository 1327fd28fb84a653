/** Svenska: taggar som man lär ut själv. */
import { ownReports } from "./sv_own_reports.js";

/** @type {import("./catalogues.d.ts").Catalogues["own_tags"]} */
export const own_tags = {
    own_what:
        "Lär ut taggar som ingen färdig modell känner till: dina produkter, dina platser, dina ord. Tagga några bilder själv, träna, så taggas resten likadant. Allt sker på den här enheten, och varje steg går att ångra.",
    own_none: "Ingen taggare än. Skapa en här, eller markera bilder i rutnätet och välj ”Lär ut en tagg”.",
    own_new_name: "Den nya taggarens namn",
    own_make: "Skapa",
    own_all: "Alla taggare",
    own_open: "Öppna",
    own_open_which: "Öppna {name}",
    own_called: "Namn",
    own_never_trained: "Inte tränad än",
    own_version: "Version {n}",
    own_version_of: "Version {n} från {day}",
    own_n_tags: { one: "{n} tagg", other: "{n} taggar" },
    own_n_pictures: { one: "{n} bild", other: "{n} bilder" },
    own_use: "Använd {name}",
    own_overlaps: "”{tag}” lärs ut både här och i ”{name}”. Båda kan föreslå den, var och en på sitt sätt.",

    own_teach_what: {
        one: "Bilden blir ett exempel på taggen: den bär taggen som din, och taggaren lär sig av den när du tränar.",
        other: "De {n} bilderna blir exempel på taggen: de bär den som din, och taggaren lär sig av dem när du tränar.",
    },
    own_teach_tag: "Tagg",
    own_teach_tagger: "Taggare",
    own_teach_new: "En ny taggare",
    own_teach_do: "Lär ut",
    own_teach_counts: "En tagg kräver minst 5 bilder för att tränas. Från 30 räknas den som färdigtränad.",

    own_set: "Bilder den lär sig av",
    own_set_why:
        "Alla bilder i de här samlingarna som har en tagg du har gett eller godkänt. Det du har tagit bort är motexempel.",
    own_set_collections: "Samlingar den lär sig av",
    own_set_of_selection: { one: "Den lär sig av {n} vald bild.", other: "Den lär sig av {n} valda bilder." },
    own_set_reading: "Räknar exempel…",
    own_set_empty: "Ingen bild här har någon av dina taggar än. Tagga minst 5 bilder med varje tagg du vill lära ut.",
    own_set_facts: { one: "{n} bild med dina taggar", other: "{n} bilder med dina taggar" },
    own_set_to_embed: {
        one: "{n} behöver tittas på först, när du tränar.",
        other: "{n} behöver tittas på först, när du tränar.",
    },
    own_set_without_file: {
        one: "{n} går inte längre att läsa: filen behövs. Den lämnas utanför tills du lägger till den igen.",
        other: "{n} går inte längre att läsa: filerna behövs. De lämnas utanför tills du lägger till dem igen.",
    },
    own_set_removed: { one: "{n} borttagen", other: "{n} borttagna" },
    own_set_tags: "Taggar och deras exempel",
    own_add_tag: "Lägg till exempel på taggen",
    own_add_choose: "Välj bilder",
    own_add_why:
        "Eller släpp bilder här. Utan tagg: släpp mappar, så får varje bild sin mapps namn. De läggs i samlingen i rutnätet.",
    own_added: { one: "{n} exempel tillagt.", other: "{n} exempel tillagda." },
    own_added_left: {
        one: "{n} fil lämnades utanför: den finns redan här, ligger inte i någon mapp eller är ingen bild.",
        other: "{n} filer lämnades utanför: de finns redan här, ligger inte i någon mapp eller är inga bilder.",
    },
    own_keeps_squares: "Spara det som nätverket såg av varje bild",
    own_keeps_squares_why: "Ungefär 15 kB per bild. Då kan taggaren tränas för en annan modell senare utan originalen.",

    own_light_green: "Bra",
    own_light_yellow: "Kan bli bättre",
    own_light_red: "Behöver ses över",
    own_light_none: "Inte bedömt",
    own_lights: "Hur det står till med exemplen på ”{name}”",
    own_show_pictures: { one: "Visa bilden", other: "Visa {n} bilder" },
    own_open_picture: "Öppna {name}",
    own_picture_gone: "En bild som inte finns kvar här",
    own_picture_elsewhere: "{name}, i en annan samling",

    own_train: "Träna",
    own_train_title: "Rapportens rubrik",
    own_train_comment: "Kommentar",
    own_train_optional: "Valfritt. Båda sparas med rapporten.",
    own_train_now: "Träna nu",
    own_train_too_few: "Tagga minst 5 bilder med en tagg först.",
    own_train_busy: "En annan träning pågår.",
    own_stage_reading: "Läser exempel…",
    own_stage_embedding: "Tittar på bilder: {n} av {total}",
    own_stage_fitting: "Lär sig…",
    own_stage_keeping: "Sparar…",
    own_cancel: "Avbryt träningen",
    own_cancel_tagging: "Sluta tagga",
    own_progress: "Tränar {name}",
    own_over: "Tränad.",
    own_over_left_out: {
        one: "{n} exempel lämnades utanför: det går inte att läsa längre.",
        other: "{n} exempel lämnades utanför: de går inte att läsa längre.",
    },
    own_over_report: "Läs rapporten",
    own_waiting: "En träning av ”{name}” från {moment} avbröts.",
    own_resume: "Fortsätt",
    own_give_up: "Avstå",
    own_last_failed: "Träningen {moment} misslyckades.",

    own_tagging: "Tagga med den",
    own_tag_again: "Tagga samlingen med version {n}",
    own_tagging_why:
        "Bara de egna taggarna hittas på nytt, ur det som redan är känt om varje bild: tusentals i sekunden.",
    own_untagged: {
        one: "{n} bild har inte taggats med den här versionen än.",
        other: "{n} bilder har inte taggats med den här versionen än.",
    },
    own_tagging_failed: { one: "{n} gick inte att läsa.", other: "{n} gick inte att läsa." },
    own_all_tagged: "Alla kända bilder är taggade med den här versionen.",
    own_tagging_n: "Taggat {n} av {total}",
    own_changed_gained: { one: "{n} tagg till", other: "{n} taggar till" },
    own_changed_lost: { one: "{n} tagg färre", other: "{n} taggar färre" },
    own_changed_none: "Inget ändrades.",
    own_changed_show: "Bilder som ändrades",
    own_changed_undo: "Du kan ångra det som ett steg, eller senare under ”Körningar”.",

    own_draft: {
        one: "{n} rättelse sedan den här versionen räknas redan in. Den blir en del av nästa version när du tränar.",
        other: "{n} rättelser sedan den här versionen räknas redan in. De blir en del av nästa version när du tränar.",
    },

    own_when: "När den tränar av sig själv",
    own_when_why: "Medan sidan är öppen; det som skulle ha gjorts under tiden görs vid ditt nästa besök.",
    own_weekly: "Varje vecka",
    own_weekly_day: "Dag",
    own_weekly_time: "Tid",
    own_after_n: "Efter nytaggade bilder",
    own_after_n_count: "Antal bilder",
    own_next: "Nästa: {moment}.",
    own_due: "Dags nu.",
    own_n_new: { one: "{n} nytaggad bild hittills.", other: "{n} nytaggade bilder hittills." },

    own_versions: "Versioner och rapporter",
    own_versions_none: "Varje träning ger en version med sin rapport.",
    own_in_use: "Används",
    own_report: "Rapport",
    own_report_which: "Rapport för version {n}",
    own_use_version: "Använd",
    own_use_version_which: "Använd version {n}",
    own_compare: "Jämför",
    own_compare_which: "Jämför version {n} med den som används",
    own_delete_version: "Ta bort",
    own_delete_version_which: "Ta bort version {n}",
    own_delete_version_sure:
        "Ta bort version {n} för gott? Rapporten och alla taggar den har hittat försvinner också. Det går inte att ångra.",
    own_delete: "Ta bort för gott",
    own_remove_tagger: "Ta bort taggaren",
    own_remove_why:
        "Dess taggar försvinner från alla bilder, och taggar du har gett själv blir kvar. Det går att ångra.",
    own_keep_it: "Behåll",

    own_limits: "Vad den inte klarar bra",
    own_limit_fine:
        "Små skillnader, som mellan en smal och en rak skjorta: den ser hela bilden på en liten kvadrat, inte hur en söm går.",
    own_limit_tiny: "Små mönster eller delar, som en logotyp på en T-shirt: det som är litet i bilden går förlorat.",
    own_limit_background:
        "Röriga bakgrunder: inget här mäter hur stor del av en bild som är bakgrund. Lugna lär ut bättre.",
    own_limit_few: "Taggar med färre än 30 exempel: de fungerar från 5, och kallas ”inte färdigtränade”.",
    own_limit_language:
        "Ord: en tagg heter vad du kallar den. Den översätts inte, om den inte är en som modellen känner under det namnet.",
    own_limit_other:
        "Bilder som inte liknar något av exemplen får ingen av dess taggar. Därför kan den missa en ny sort av något den känner.",
    ...ownReports,
};
