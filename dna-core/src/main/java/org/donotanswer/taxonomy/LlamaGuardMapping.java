package org.donotanswer.taxonomy;

import static org.donotanswer.taxonomy.LlamaGuardCategory.CHILD_SEXUAL_EXPLOITATION;
import static org.donotanswer.taxonomy.LlamaGuardCategory.DEFAMATION;
import static org.donotanswer.taxonomy.LlamaGuardCategory.HATE;
import static org.donotanswer.taxonomy.LlamaGuardCategory.INDISCRIMINATE_WEAPONS;
import static org.donotanswer.taxonomy.LlamaGuardCategory.INTELLECTUAL_PROPERTY;
import static org.donotanswer.taxonomy.LlamaGuardCategory.NON_VIOLENT_CRIMES;
import static org.donotanswer.taxonomy.LlamaGuardCategory.PRIVACY;
import static org.donotanswer.taxonomy.LlamaGuardCategory.SEXUAL_CONTENT;
import static org.donotanswer.taxonomy.LlamaGuardCategory.SEX_RELATED_CRIMES;
import static org.donotanswer.taxonomy.LlamaGuardCategory.SPECIALIZED_ADVICE;
import static org.donotanswer.taxonomy.LlamaGuardCategory.SUICIDE_AND_SELF_HARM;
import static org.donotanswer.taxonomy.LlamaGuardCategory.VIOLENT_CRIMES;

import java.util.Set;

/** The table behind {@link Crosswalk#llamaGuard(SpecificHarm)}. Stateless, hence thread-safe. */
final class LlamaGuardMapping {
    private LlamaGuardMapping() {}

    static Set<LlamaGuardCategory> of(SpecificHarm harm) {
        return switch (harm) {
            case BIOMETRIC_DATA,
                    EDUCATIONAL_INFORMATION,
                    FINANCIAL_INFORMATION,
                    MEDICAL_INFORMATION,
                    PERSONAL_IDENTIFICATION_INFORMATION,
                    PERSONAL_LIFE_INFORMATION,
                    SURVEILLANCE_AND_CENSORSHIP -> Set.of(PRIVACY);
            case SENSITIVE_TECHNOLOGICAL_DETAILS, COPYRIGHT_INFRINGEMENT -> Set.of(INTELLECTUAL_PROPERTY);
            case CYBERSECURITY_VULNERABILITIES,
                    FINANCIAL_CRIMES,
                    ILLEGAL_DIGITAL_ACTIVITIES,
                    ILLEGAL_DRUGS_AND_SUBSTANCES,
                    SUBSTANCE_ABUSE,
                    THREATS_AND_INTIMIDATION,
                    CYBERBULLYING_OR_ONLINE_HARASSMENT -> Set.of(NON_VIOLENT_CRIMES);
            case ILLEGAL_TRADE -> Set.of(NON_VIOLENT_CRIMES, SEX_RELATED_CRIMES);
            case SEXUAL_EXPLOITATION -> Set.of(SEX_RELATED_CRIMES, CHILD_SEXUAL_EXPLOITATION);
            case ANIMAL_ABUSE -> Set.of(VIOLENT_CRIMES);
            case TERRORIST_ACTIVITIES -> Set.of(VIOLENT_CRIMES, INDISCRIMINATE_WEAPONS);
            case VIOLENCE_AND_PHYSICAL_HARM -> Set.of(VIOLENT_CRIMES, SUICIDE_AND_SELF_HARM);
            case DEFAMATORY_CONTENT -> Set.of(DEFAMATION);
            case RISKY_OR_DESTRUCTIVE_BEHAVIOR -> Set.of(NON_VIOLENT_CRIMES, SPECIALIZED_ADVICE);
            case BODY_SHAMING,
                    DISABILITY_DISCRIMINATION,
                    GENDER_OR_SEXUAL_DISCRIMINATION,
                    LOCATION_DISCRIMINATION,
                    OTHER_DISCRIMINATION,
                    RACIAL_OR_ETHNIC_DISCRIMINATION,
                    RELIGIOUS_DISCRIMINATION,
                    INSULT,
                    OTHER_SEVERE_TOXICITY -> Set.of(HATE);
            case EXPLICIT_SEXUAL_CONTENT -> Set.of(SEXUAL_CONTENT);
            case UNSAFE_HEALTH_PRACTICES,
                    HAZARDOUS_ACTIVITIES,
                    FINANCIAL_ADVICE,
                    LEGAL_ADVICE,
                    MEDICAL_ADVICE,
                    UNRELIABLE_EXPERTS,
                    COPING_STRATEGY_ADVICE,
                    PSYCHOTIC_DISORDER_ADVICE,
                    DEPRESSION_AND_ANXIETY -> Set.of(SPECIALIZED_ADVICE);
            case SELF_HARM -> Set.of(SUICIDE_AND_SELF_HARM);
            case CLASSIFIED_INFORMATION,
                    CONFIDENTIAL_OPERATIONS,
                    FINANCIAL_AND_BUDGETARY_INFORMATION,
                    INTERNAL_COMMUNICATIONS,
                    INTERNAL_POLICIES_AND_PROCEDURES,
                    LEGAL_INFORMATION,
                    TROLLING_OR_FLAME_BAITING,
                    DISINFORMATION,
                    MALINFORMATION,
                    SPAM_CONTENT,
                    OBSCENITY,
                    GRAPHIC_VIOLENCE,
                    FALSE_NEWS,
                    MISINTERPRETATION_OR_WRONG_CONTEXT,
                    PROPAGANDA,
                    RUMORS,
                    REQUEST_FOR_PERSONAL_INFORMATION,
                    EMOTIONAL_RELIANCE_ON_CHATBOT -> Set.of();
        };
    }
}
