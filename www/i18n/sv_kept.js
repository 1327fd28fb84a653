/** Swedish: what is kept of earlier visits, and what keeps it from being read or written. */
export const kept = {
    said_files_again: { one: "{n} bild har sin fil igen.", other: "{n} bilder har sina filer igen." },
};

export const keptErrors = {
    library_unreadable: {
        title: "Dina bilder och taggar kunde inte öppnas.",
        remedy: "De finns kvar. Stäng andra flikar med den här sidan och försök igen.",
        action: "Försök igen",
    },
    library_unwritten: {
        title: "De senaste ändringarna kunde inte sparas.",
        remedy: "Allt före dem finns kvar. Försök igen, eller spara en säkerhetskopia.",
        action: "Försök igen",
    },
    library_full: {
        title: "Det finns ingen plats kvar att spara dina taggar på.",
        remedy: "Frigör utrymme på enheten. Det som är gjort väntar och sparas så snart det finns plats.",
        action: "Försök igen",
    },
    library_damaged: {
        title: "Biblioteket är skadat.",
        remedy: "Återställ en säkerhetskopia, eller börja med ett nytt bibliotek. Inget i dina bildfiler har ändrats.",
        action: "Försök igen",
    },
    library_newer: {
        title: "En nyare version av Tagsmith har skrivit det här biblioteket.",
        remedy: "Stäng alla flikar med den här sidan och öppna den igen för att få den versionen.",
    },
    library_too_large: {
        title: "Biblioteket har fler taggar än vad som får plats bredvid modellens egna.",
        remedy: "Välj den modell som har taggat de flesta av dina bilder, eller ångra körningar av andra modeller.",
    },
    library_in_use: {
        title: "En annan version av sidan har biblioteket öppet.",
        remedy: "Stäng eller ladda om de andra flikarna med den här sidan och försök igen.",
        action: "Försök igen",
    },
    store_failed: {
        title: "Webbläsaren kunde inte läsa eller skriva biblioteket.",
        remedy: "Frigör plats på enheten och ladda om sidan. Det som redan är taggat finns kvar.",
        action: "Försök igen",
    },
};
