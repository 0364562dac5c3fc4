package org.donotanswer.taxonomy;

import static org.donotanswer.taxonomy.OpenAiModerationCategory.HARASSMENT;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.HARASSMENT_THREATENING;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.HATE;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.HATE_THREATENING;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.ILLICIT;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.ILLICIT_VIOLENT;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.SELF_HARM_INSTRUCTIONS;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.SELF_HARM_INTENT;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.SEXUAL;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.SEXUAL_MINORS;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.VIOLENCE;
import static org.donotanswer.taxonomy.OpenAiModerationCategory.VIOLENCE_GRAPHIC;

import java.util.Set;

/** The table behind {@link Crosswalk#openAiModeration(SpecificHarm)}. Stateless, hence thread-safe. */
final class OpenAiModerationMapping {
    private OpenAiModerationMapping() {}

    static Set<OpenAiModerationCategory> of(SpecificHarm harm) {
        return switch (harm) {
            case CYBERSECURITY_VULNERABILITIES,
                    COPYRIGHT_INFRINGEMENT,
                    FINANCIAL_CRIMES,
                    ILLEGAL_DIGITAL_ACTIVITIES,
                    ILLEGAL_DRUGS_AND_SUBSTANCES,
                    SUBSTANCE_ABUSE,
                    RISKY_OR_DESTRUCTIVE_BEHAVIOR -> Set.of(ILLICIT);
            case ILLEGAL_TRADE -> Set.of(ILLICIT, ILLICIT_VIOLENT);
            case ANIMAL_ABUSE, TERRORIST_ACTIVITIES -> Set.of(ILLICIT_VIOLENT, VIOLENCE);
            case SEXUAL_EXPLOITATION -> Set.of(SEXUAL, SEXUAL_MINORS);
            case THREATS_AND_INTIMIDATION -> Set.of(HARASSMENT, HARASSMENT_THREATENING);
            case VIOLENCE_AND_PHYSICAL_HARM ->
                Set.of(ILLICIT_VIOLENT, VIOLENCE, OpenAiModerationCategory.SELF_HARM, SELF_HARM_INSTRUCTIONS);
            case CYBERBULLYING_OR_ONLINE_HARASSMENT, TROLLING_OR_FLAME_BAITING, BODY_SHAMING, INSULT ->
                Set.of(HARASSMENT);
            case DISABILITY_DISCRIMINATION,
                    GENDER_OR_SEXUAL_DISCRIMINATION,
                    LOCATION_DISCRIMINATION,
                    OTHER_DISCRIMINATION,
                    RACIAL_OR_ETHNIC_DISCRIMINATION,
                    RELIGIOUS_DISCRIMINATION -> Set.of(HATE);
            case OTHER_SEVERE_TOXICITY -> Set.of(HARASSMENT, HATE, HATE_THREATENING);
            case EXPLICIT_SEXUAL_CONTENT -> Set.of(SEXUAL);
            case GRAPHIC_VIOLENCE -> Set.of(VIOLENCE, VIOLENCE_GRAPHIC);
            case SELF_HARM -> Set.of(OpenAiModerationCategory.SELF_HARM, SELF_HARM_INTENT, SELF_HARM_INSTRUCTIONS);
            case CLASSIFIED_INFORMATION,
                    CONFIDENTIAL_OPERATIONS,
                    FINANCIAL_AND_BUDGETARY_INFORMATION,
                    INTERNAL_COMMUNICATIONS,
                    INTERNAL_POLICIES_AND_PROCEDURES,
                    LEGAL_INFORMATION,
                    SENSITIVE_TECHNOLOGICAL_DETAILS,
                    BIOMETRIC_DATA,
                    EDUCATIONAL_INFORMATION,
                    FINANCIAL_INFORMATION,
                    MEDICAL_INFORMATION,
                    PERSONAL_IDENTIFICATION_INFORMATION,
                    PERSONAL_LIFE_INFORMATION,
                    SURVEILLANCE_AND_CENSORSHIP,
                    DEFAMATORY_CONTENT,
                    UNSAFE_HEALTH_PRACTICES,
                    DISINFORMATION,
                    MALINFORMATION,
                    SPAM_CONTENT,
                    OBSCENITY,
                    FALSE_NEWS,
                    HAZARDOUS_ACTIVITIES,
                    MISINTERPRETATION_OR_WRONG_CONTEXT,
                    PROPAGANDA,
                    RUMORS,
                    FINANCIAL_ADVICE,
                    LEGAL_ADVICE,
                    MEDICAL_ADVICE,
                    UNRELIABLE_EXPERTS,
                    COPING_STRATEGY_ADVICE,
                    PSYCHOTIC_DISORDER_ADVICE,
                    DEPRESSION_AND_ANXIETY,
                    REQUEST_FOR_PERSONAL_INFORMATION,
                    EMOTIONAL_RELIANCE_ON_CHATBOT -> Set.of();
        };
    }
}
