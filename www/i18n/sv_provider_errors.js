/** Svenska: vad som gick fel med en annan taggare, och vad man kan göra. */
export const providerErrors = {
    provider_setup_invalid: {
        title: "Tjänsten är inte rätt inställd.",
        remedy: "Rätta fältet som nämns nedan och kontrollera igen.",
    },
    provider_endpoint_retired: {
        title: "Adressen hör till en version som har stängts av.",
        remedy: "Välj en version som finns kvar och kopiera din egen resurs slutpunkt från tjänstens portal.",
    },
    provider_key_missing: {
        title: "Nyckeln saknas.",
        remedy: "Ange nyckeln eller token för tjänsten.",
    },
    provider_key_wrong: {
        title: "Tjänsten känner inte till nyckeln.",
        remedy: "Kopiera nyckeln igen från ditt konto där, utan mellanslag, och se efter att den gäller denna tjänst.",
    },
    provider_key_expired: {
        title: "Nyckeln eller token har gått ut.",
        remedy: "Skaffa en ny i ditt konto där och ange den.",
    },
    provider_key_revoked: {
        title: "Nyckeln eller behörigheten har återkallats.",
        remedy: "Skapa en ny i ditt konto där och ange den.",
    },
    provider_not_permitted: {
        title: "Tjänsten känner till nyckeln, men den får inte användas till detta.",
        remedy: "Se efter i ditt konto där att tjänsten är aktiverad och betald, och att nyckeln får användas för den och från den här webbadressen.",
    },
    provider_region_wrong: {
        title: "Nyckeln och adressen hör inte ihop.",
        remedy: "Ta båda från samma resurs: dess nyckel, och dess slutpunkt med rätt region. En felskriven nyckel ser likadan ut härifrån.",
    },
    provider_quota_used_up: {
        title: "Kvoten för ditt konto där är slut.",
        remedy: "Vänta tills den förnyas, eller höj den där. Bilderna som är kvar väntar här.",
    },
    provider_throttled: {
        title: "Tjänsten tillfrågades för ofta på kort tid.",
        remedy: "Den tillfrågas igen senare av sig själv. Om det fortsätter, fråga om färre bilder åt gången.",
    },
    provider_unavailable: {
        title: "Tjänsten ligger nere eller misslyckades.",
        remedy: "Försök igen senare. Dess statussida kan säga mer.",
        action: "Fråga igen",
    },
    provider_answer_unreadable: {
        title: "Svaret gick inte att läsa.",
        remedy: "Kontrollera adressen. Ett näts inloggningssida eller en proxy kan ha svarat i stället för tjänsten.",
        action: "Fråga igen",
    },
    provider_answer_lost: {
        title: "Frågan skickades, men inget svar kom.",
        remedy: "Den kan ha debiterats. Frågan ställs igen bara när du säger till; ditt konto där visar vad som räknades.",
        action: "Fråga igen",
    },
    provider_unreachable: {
        title: "Tjänsten går inte att nå.",
        remedy: "Kontrollera adressen och anslutningen. Om tjänsten körs på din egen dator, starta den.",
        action: "Försök igen",
    },
    provider_blocked: {
        title: "Tjänsten svarar, men inte webbsidor.",
        remedy: "Den tillåter inte frågor från sidans adress (CORS). Tillåt det i tjänstens inställningar, använd ett eget relä, eller använd kommandoraden.",
    },
    provider_offline: {
        title: "Du är inte ansluten.",
        remedy: "Anslut till nätet. Det som är kvar fortsätter då.",
        action: "Försök igen",
    },
    provider_clock_wrong: {
        title: "Klockan går fel, här eller hos tjänsten.",
        remedy: "Låt systemet ställa in datum och tid automatiskt, här och på tjänstens dator om den är din. Försök sedan igen.",
        action: "Försök igen",
    },
    provider_timed_out: {
        title: "Tjänsten tog för lång tid på sig.",
        remedy: "Frågan kan ändå ha debiterats. Försök igen senare, eller tillåt mer tid.",
        action: "Fråga igen",
    },
    provider_picture_refused: {
        title: "Tjänsten tar inte emot bilden.",
        remedy: "Den kan vara för liten, för stor, skadad eller av ett slag som tjänsten inte känner till. Orsaken står nedan.",
    },
    provider_request_refused: {
        title: "Tjänsten avvisade frågan.",
        remedy: "Kontrollera inställningarna för tjänsten. Dess egna ord står nedan.",
    },
    provider_language_unsupported: {
        title: "Tjänsten har inga taggar på det språket.",
        remedy: "Välj ett annat språk för den, till exempel engelska.",
    },
    provider_model_missing: {
        title: "Tjänsten har inte den modellen.",
        remedy: "Kontrollera modellens namn. På din egen dator måste modellen hämtas först.",
    },
    provider_local_refused: {
        title: "Webbläsaren lät inte sidan nå ditt eget nät.",
        remedy: "Öppna sidans behörigheter bredvid adressen, tillåt åtkomst till enheter på ditt lokala nät och försök igen.",
        action: "Försök igen",
    },
    provider_cap_reached: {
        title: "Taket som du satte för månaden är nått.",
        remedy: "Höj taket eller vänta till nästa månad. Bilderna som är kvar väntar här.",
    },
    provider_unavailable_here: {
        title: "Andra taggare kan inte användas här.",
        remedy: "De kräver en sida med service worker, hos en värd som inte förbjuder anslutningar. Använd kommandoraden eller en annan värd.",
    },
    provider_not_enabled: {
        title: "Tjänsten är inte påslagen.",
        remedy: "Slå på den först. Inget har skickats.",
    },
    provider_never_leaves: {
        title: "Du har sagt att dessa bilder aldrig lämnar enheten.",
        remedy: "De stannar här. Om de ändå får skickas ändrar du det under ”Skickas aldrig” och fortsätter; annars avbryter du resten.",
    },
    passphrase_wrong: {
        title: "Det är inte lösenfrasen.",
        remedy: "Försök igen, eller ta bort den sparade nyckeln och ange den på nytt.",
    },
    keys_not_kept: {
        title: "Webbläsaren sparar inget för sidan, så nyckeln kan inte sparas.",
        remedy: "Använd den bara under detta besök, eller lämna privat surfning.",
    },
    provider_job_from_elsewhere: {
        title: "Det här jobbet kom med en säkerhetskopia eller ett räddat bibliotek.",
        remedy: "Avbryt det och tagga bilderna med tjänsten igen: här bekräftar du vart de skickas.",
    },
    request_passed: {
        title: "En fråga om dessa bilder är redan på väg.",
        remedy: "En annan flik håller på, eller så är jobbet slut. Inget skickades härifrån.",
    },
};
