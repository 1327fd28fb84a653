/** What a page that is a single file says in its own words. */

/** On the empty page. */
export const NOTE = {
    en: {
        what: "All of Tagsmith in one file.",
        with_objects: "The model for tags, and those that find faces and objects, are inside.",
        without_objects: "The model for tags, and the one that finds faces, are inside; boxes around objects aren’t.",
        kept: "Nothing is kept when you close it: save a backup, and restore it next time.",
    },
    sv: {
        what: "Hela Tagsmith i en fil.",
        with_objects: "Modellen för taggar, och de som hittar ansikten och föremål, finns i den.",
        without_objects:
            "Modellen för taggar, och den som hittar ansikten, finns i den; rutor runt föremål finns inte.",
        kept: "Inget sparas när du stänger den: spara en säkerhetskopia, och återställ den nästa gång.",
    },
};

/** Whatever is missing, it was to be in the file. @param {{remedy: string, model: string, objects: string, part: string}} words */
const missing = ({ remedy, model, objects, part }) => ({
    engine_unreachable: { title: model, remedy },
    objects_unreachable: { title: objects, remedy },
    part_unreachable: { title: part, remedy },
});

/** In place of the page's. */
export const PAGE_WORDS = {
    en: {
        errors: missing({
            remedy: "This file isn’t whole. Get it again, and open that one.",
            model: "The model couldn’t be loaded.",
            objects: "The object detector couldn’t be loaded.",
            part: "This part of the page couldn’t be loaded.",
        }),
        nothing_kept: "This file keeps nothing. Save a backup before you close it.",
        storage_space: "Space in memory",
        storage_memory:
            "This file keeps nothing by itself: what you do here is in memory, until you close or reload it. Save a backup before that.",
        storage_nothing: "There is nothing here yet. Add pictures, or restore a backup.",
        privacy_forbidden:
            "The file enforces this itself: its Content Security Policy allows no connection to anywhere, and keeps it in memory only.",
        privacy_check: "Check for yourself: pull the plug. Everything goes on.",
        help_offline_ready: "Everything is inside this file. It works without a network, from any disk.",
    },
    sv: {
        errors: missing({
            remedy: "Filen är inte hel. Hämta den igen, och öppna den nya.",
            model: "Modellen kunde inte läsas in.",
            objects: "Föremålsdetektorn kunde inte läsas in.",
            part: "Den här delen av sidan kunde inte läsas in.",
        }),
        nothing_kept: "Den här filen sparar ingenting. Spara en säkerhetskopia innan du stänger den.",
        storage_space: "Plats i minnet",
        storage_memory:
            "Den här filen sparar inget av sig själv: det du gör här finns i minnet tills du stänger eller laddar om den. Spara en säkerhetskopia innan dess.",
        storage_nothing: "Här finns inget ännu. Lägg till bilder, eller återställ en säkerhetskopia.",
        privacy_forbidden:
            "Filen ser själv till det: dess Content Security Policy tillåter inga anslutningar någonstans, och den håller allt i minnet.",
        privacy_check: "Kontrollera själv: dra ur sladden. Allt fortsätter.",
        help_offline_ready: "Allt finns i den här filen. Den fungerar utan nätverk, från vilken disk som helst.",
    },
};
