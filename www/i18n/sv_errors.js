/**
 * What went wrong, in Swedish.
 * @import { Catalogue } from "./en.js"
 */

/** @type {Catalogue["errors"]} */
export const errors = {
    picture_empty: {
        title: "Filen är tom.",
        remedy: "Kopiera den igen därifrån den kom.",
    },
    picture_file_too_large: {
        title: "Filen är för stor.",
        remedy: "Spara den mindre eller som JPEG och lägg till den igen.",
    },
    picture_side_too_long: {
        title: "Bilden är för lång på ena sidan.",
        remedy: "Beskär eller förminska den och lägg till den igen.",
    },
    picture_too_many_pixels: {
        title: "Bilden har för många pixlar.",
        remedy: "Förminska den och lägg till den igen.",
    },
    picture_format_unknown: {
        title: "Filen är inget bildformat vi känner till.",
        remedy: "Använd JPEG, PNG, WebP, GIF, BMP eller TIFF.",
    },
    picture_format_unsupported: {
        title: "Din webbläsare kan inte läsa {subject}-bilder av det här slaget.",
        remedy: "Spara bilden som JPEG, PNG eller WebP.",
    },
    picture_damaged: {
        title: "Bilden är skadad eller ofullständig.",
        remedy: "Kopiera den igen därifrån den kom.",
    },
    file_unreadable: {
        title: "Filen går inte att läsa.",
        remedy: "Den kan ha flyttats eller ändrats. Försök igen eller lägg till den på nytt.",
        action: "Försök igen",
    },
    file_not_saved: {
        title: "Filen kunde inte sparas.",
        remedy: "Se efter att det finns plats på disken och att du får skriva där, och exportera sedan igen.",
    },
    nothing_to_export: {
        title: "Det finns inget att exportera ännu.",
        remedy: "Vänta tills en bild är taggad, eller välj andra.",
    },
    inference_failed: {
        title: "Modellen misslyckades med bilden.",
        remedy: "Försök igen. Går det inte nu heller, låt bilden vara.",
        action: "Försök igen",
    },
    scores_invalid: {
        title: "Modellen gav inget användbart svar.",
        remedy: "Försök igen. Går det inte nu heller, låt bilden vara.",
        action: "Försök igen",
    },
    explanation_unavailable: {
        title: "Det går inte att visa var modellen såg den här taggen.",
        remedy: "Modellen känner inte till taggen eller talar inte om var den tittar. Välj en tagg från den medföljande modellen.",
    },
    worker_crashed: {
        title: "Motorn kraschade på bilden, två gånger.",
        remedy: "Stäng andra flikar för att frigöra minne och försök igen.",
        action: "Försök igen",
    },
    local_model_off: {
        title: "Modellen stängdes av efter flera krascher.",
        remedy: "Det som är taggat finns kvar. Stäng andra flikar för att frigöra minne och slå sedan på den igen.",
        action: "Slå på igen",
    },
    camera_refused: {
        title: "Sidan får inte använda kameran.",
        remedy: "Tillåt kameran för sidan i webbläsarens inställningar och försök igen.",
        action: "Försök igen",
    },
    camera_missing: {
        title: "Det finns ingen kamera.",
        remedy: "Anslut en och försök igen.",
        action: "Försök igen",
    },
    camera_busy: {
        title: "Kameran svarar inte.",
        remedy: "Stäng andra program och flikar som använder den och försök igen.",
        action: "Försök igen",
    },
    self_test_missing: {
        title: "De väntade svaren gick inte att hämta.",
        remedy: "Kontrollera att du är ansluten och kör självtestet igen.",
        action: "Försök igen",
    },
    self_test_other_build: {
        title: "De väntade svaren hör till en annan version.",
        remedy: "Ladda om sidan. Hjälper det inte blandar värden filer från två versioner.",
    },
    engine_unsupported: {
        title: "Webbläsaren är för gammal för modellen.",
        remedy: "Tagsmith behöver WebAssembly SIMD: Chrome 105, Firefox 121, Safari 16.4 eller nyare.",
    },
    language_unreachable: {
        title: "Språkets ord kunde inte hämtas.",
        remedy: "Kontrollera att du är ansluten och välj det sedan igen.",
    },
    part_unreachable: {
        title: "Den här delen av sidan kunde inte hämtas.",
        remedy: "Kontrollera att du är ansluten och öppna den sedan igen.",
    },
    engine_unreachable: {
        title: "Modellen gick inte att hämta.",
        remedy: "Kontrollera att servern är igång och att du är ansluten och försök igen.",
        action: "Försök igen",
    },
    card_invalid: {
        title: "Modellens kort (model.json) är inte giltigt.",
        remedy: "Lägg in modellens kompletta mapp på nytt.",
        action: "Försök igen",
    },
    vocabulary_invalid: {
        title: "Modellens ordlista är inte giltig.",
        remedy: "Lägg in modellens kompletta mapp på nytt.",
        action: "Försök igen",
    },
    head_invalid: {
        title: "En del av modellen med egna taggar (ett huvud) passar inte till den.",
        remedy: "Lägg in modellens kompletta mapp på nytt.",
        action: "Försök igen",
    },
    model_hash_mismatch: {
        title: "Modellfilen är inte den som kortet eller katalogen beskriver.",
        remedy: "Den kastades. Hämta den igen. Blir det likadant har filen ändrats där den ligger.",
        action: "Försök igen",
    },
    model_invalid: {
        title: "Modellfilen är ingen giltig ONNX-fil.",
        remedy: "Hämta eller konvertera den igen.",
        action: "Försök igen",
    },
    model_operator_unsupported: {
        title: "Modellen använder operatorer som motorn saknar.",
        remedy: "Konvertera modellen utan dem; detaljerna namnger dem.",
    },
    model_mismatch: {
        title: "Modellen stämmer inte med sitt kort.",
        remedy: "Rätta in- och utgångarna som anges i model.json.",
    },
    picture_not_tagged: {
        title: "Modellen som används har inte sett den här bilden.",
        remedy: "Tagga den nu, eller ta bort den från arket.",
        action: "Tagga",
    },
    model_unreachable: {
        title: "Modellen kunde inte hämtas från {subject}.",
        remedy: "Du kanske saknar nät, eller så låter värden ingen annan sida hämta därifrån. Försök igen senare.",
        action: "Försök igen",
    },
    model_transfer_broken: {
        title: "Nedladdningen från {subject} bröts.",
        remedy: "Inget av den sparades. Försök igen: den börjar om från början.",
        action: "Försök igen",
    },
    storage_full: {
        title: "Det finns ingen plats kvar för den här modellen.",
        remedy: "Ta bort en annan modell här, eller frigör plats på enheten. Försök sedan igen.",
        action: "Försök igen",
    },
    own_model_missing: {
        title: "Modellen ”{subject}” finns inte längre på den här enheten.",
        remedy: "Den som följer med sidan rycker in. Ladda ner eller lägg till din igen, eller välj en annan.",
        action: "Modeller",
    },
    own_model_failed: {
        title: "Modellen ”{subject}” kunde inte startas.",
        remedy: "En annan används i stället. Välj en som fungerar, eller lägg till den här igen.",
        action: "Modeller",
    },
    labels_missing: {
        title: "Etiketterna saknas.",
        remedy: "Välj listan över de klasser som modellen har tränats med.",
    },
    tag_invalid: {
        title: "Det kan inte vara en tagg.",
        remedy: "Skriv ett eller några ord, högst 100 tecken.",
    },
    labels_invalid: {
        title: "De här etiketterna går inte att använda till modellen.",
        remedy: "Välj en fil med en etikett för varje klass, i modellens ordning. Detaljerna säger vad som är fel.",
    },
    policy_invalid: {
        title: "Motorn förstår inte de här inställningarna.",
        remedy: "Flytta tröskeln och försök igen.",
    },
};
