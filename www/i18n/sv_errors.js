/**
 * Swedish error texts.
 * @import { Catalogue } from "./en.js"
 */

/** @type {Catalogue["errors"]} */
export const errors = {
    picture_empty: {
        title: "Filen är tom.",
        remedy: "Kopiera den från originalet igen.",
    },
    picture_file_too_large: {
        title: "Filen är för stor.",
        remedy: "Spara den i mindre storlek eller som JPEG och lägg till den igen.",
    },
    picture_side_too_long: {
        title: "Bilden är för bred eller för hög.",
        remedy: "Beskär eller förminska den och lägg till den igen.",
    },
    picture_too_many_pixels: {
        title: "Bilden har för många pixlar.",
        remedy: "Förminska den och lägg till den igen.",
    },
    picture_format_unknown: {
        title: "Filen är inte en bild som stöds.",
        remedy: "Använd JPEG, PNG, WebP, GIF, BMP eller TIFF.",
    },
    picture_format_unsupported: {
        title: "Webbläsaren kan inte öppna den här {subject}-filen.",
        remedy: "Spara den som JPEG, PNG eller WebP och lägg till den igen.",
    },
    picture_damaged: {
        title: "Bilden är skadad eller ofullständig.",
        remedy: "Kopiera den från originalet igen.",
    },
    file_unreadable: {
        title: "Filen går inte att läsa.",
        remedy: "Den kan ha flyttats eller ändrats. Försök igen eller lägg till den på nytt.",
        action: "Försök igen",
    },
    file_not_saved: {
        title: "Filen kunde inte sparas.",
        remedy: "Kontrollera att det finns plats på disken och att du får skriva i mappen, och exportera sedan igen.",
    },
    export_invalid: {
        title: "Den här exporten går inte att göra.",
        remedy: "Ändra det val som nämns nedan, eller exportera färre bilder.",
    },
    export_names_collide: {
        title: "Flera bilder skulle dela en fil.",
        remedy: "Ge filerna bildernas hela filnamn, till exempel foto.jpg.txt.",
    },
    nothing_to_export: {
        title: "Det finns inget att exportera ännu.",
        remedy: "Vänta tills en bild är taggad, eller markera andra bilder.",
    },
    inference_failed: {
        title: "Modellen misslyckades med den här bilden.",
        remedy: "Försök igen. Om det inte hjälper, ta bort bilden.",
        action: "Försök igen",
    },
    scores_invalid: {
        title: "Modellen gav ogiltiga poäng.",
        remedy: "Försök igen. Om det inte hjälper, ta bort bilden.",
        action: "Försök igen",
    },
    explanation_unavailable: {
        title: "Det finns ingen förklaring till den här taggen.",
        remedy: "Den aktuella modellen känner inte till taggen eller kan inte visa var den såg den. Prova en tagg från den medföljande modellen.",
    },
    worker_crashed: {
        title: "Motorn kraschade två gånger på den här bilden.",
        remedy: "Stäng andra flikar för att frigöra minne och försök igen.",
        action: "Försök igen",
    },
    local_model_off: {
        title: "Modellen stängdes av efter flera krascher.",
        remedy: "Dina taggar finns kvar. Stäng andra flikar för att frigöra minne och slå sedan på modellen igen.",
        action: "Slå på igen",
    },
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
    engine_unsupported: {
        title: "Webbläsaren är för gammal för att köra modellen.",
        remedy: "Tagsmith behöver WebAssembly SIMD: Chrome 105, Firefox 121, Safari 16.4 eller nyare.",
    },
    language_unreachable: {
        title: "Språket kunde inte läsas in.",
        remedy: "Kontrollera anslutningen och välj det igen.",
    },
    part_unreachable: {
        title: "Den här delen av sidan kunde inte läsas in.",
        remedy: "Kontrollera anslutningen och öppna den igen.",
    },
    engine_unreachable: {
        title: "Modellen kunde inte läsas in.",
        remedy: "Kontrollera anslutningen och att servern är igång och försök igen.",
        action: "Försök igen",
    },
    card_invalid: {
        title: "Modellens kort (model.json) är ogiltigt.",
        remedy: "Ersätt modellens filer med en komplett kopia.",
        action: "Försök igen",
    },
    vocabulary_invalid: {
        title: "Modellens vokabulär är ogiltig.",
        remedy: "Ersätt modellens filer med en komplett kopia.",
        action: "Försök igen",
    },
    head_invalid: {
        title: "Ett av modellens huvuden passar inte till modellen.",
        remedy: "Ersätt modellens filer med en komplett kopia.",
        action: "Försök igen",
    },
    model_hash_mismatch: {
        title: "Modellfilen stämmer inte med kortet eller katalogen.",
        remedy: "Den sparades inte. Ladda ner den igen. Om det inte hjälper har filen ändrats vid källan.",
        action: "Försök igen",
    },
    model_invalid: {
        title: "Modellfilen är inte en giltig ONNX-fil.",
        remedy: "Ladda ner eller konvertera den igen.",
        action: "Försök igen",
    },
    model_operator_unsupported: {
        title: "Modellen använder operatorer som motorn inte stöder.",
        remedy: "Konvertera modellen utan dem. De anges i detaljerna.",
    },
    model_mismatch: {
        title: "Modellen stämmer inte med sitt kort.",
        remedy: "Rätta indata och utdata i model.json.",
    },
    picture_not_tagged: {
        title: "Den aktuella modellen har inte taggat den här bilden.",
        remedy: "Tagga den nu, eller ta bort den.",
        action: "Tagga",
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
    own_model_missing: {
        title: "Modellen ”{subject}” finns inte längre på den här enheten.",
        remedy: "Den medföljande modellen används i stället. Ladda ner eller lägg till din igen, eller välj en annan.",
        action: "Modeller",
    },
    own_model_failed: {
        title: "Modellen ”{subject}” kunde inte startas.",
        remedy: "En annan modell används i stället. Välj en som fungerar, eller lägg till den här igen.",
        action: "Modeller",
    },
    labels_missing: {
        title: "Etiketterna saknas.",
        remedy: "Välj listan över de klasser som modellen har tränats med.",
    },
    tag_invalid: {
        title: "Det här kan inte vara en tagg.",
        remedy: "Skriv ett eller några ord, högst 100 tecken.",
    },
    labels_invalid: {
        title: "De här etiketterna passar inte till modellen.",
        remedy: "Välj en fil med en etikett per klass, i modellens ordning. Detaljerna visar vad som är fel.",
    },
    policy_invalid: {
        title: "De här inställningarna är ogiltiga.",
        remedy: "Flytta tröskeln och försök igen.",
    },
};
