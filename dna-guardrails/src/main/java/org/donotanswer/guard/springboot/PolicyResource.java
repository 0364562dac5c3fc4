package org.donotanswer.guard.springboot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.donotanswer.guard.policy.PolicyFormatException;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.springframework.core.io.Resource;

/** Reads the policy from the location that a property names. */
final class PolicyResource {
    private static final String PROPERTY = GuardProperties.PREFIX + ".policy";

    private PolicyResource() {}

    /**
     * Returns the policy.
     *
     * @throws GuardPropertyException if it cannot be read or is not a policy; the message names the resource and the place in it
     */
    static SafetyPolicy read(Resource resource) {
        String name =
                resource.getFilename() == null ? "" : resource.getFilename().toLowerCase(Locale.ROOT);
        boolean json = name.endsWith(".json");
        if (!json && !name.endsWith(".yaml") && !name.endsWith(".yml")) {
            throw new GuardPropertyException(
                    PROPERTY + " must end in .json, .yaml or .yml, but was " + resource.getDescription());
        }
        try {
            String text = resource.getContentAsString(StandardCharsets.UTF_8);
            return json ? SafetyPolicy.parse(text) : SafetyPolicy.parseYaml(text);
        } catch (PolicyFormatException e) {
            throw new GuardPropertyException(
                    PROPERTY + " must be a policy, but was " + resource.getDescription() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new GuardPropertyException(
                    PROPERTY + " must be readable, but was " + resource.getDescription() + ": " + e.getMessage(), e);
        }
    }
}
