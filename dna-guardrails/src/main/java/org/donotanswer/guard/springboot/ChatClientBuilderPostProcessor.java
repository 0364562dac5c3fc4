package org.donotanswer.guard.springboot;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.springai.InstructionAdvisor;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Adds the advisors to every {@code ChatClient.Builder} bean, including the application's own. Spring AI's customizers apply to its
 * own builder only and are named differently in each version: one that is no longer called would silently leave chatbots unguarded.
 */
final class ChatClientBuilderPostProcessor implements BeanPostProcessor {
    private final ObjectProvider<SafetyAdvisor> advisors;
    private final ObjectProvider<InstructionAdvisor> instructionAdvisors;

    ChatClientBuilderPostProcessor(
            ObjectProvider<SafetyAdvisor> advisors, ObjectProvider<InstructionAdvisor> instructionAdvisors) {
        this.advisors = advisors;
        this.instructionAdvisors = instructionAdvisors;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof ChatClient.Builder builder) {
            List<Advisor> all = new ArrayList<>(advisors.orderedStream().toList());
            all.addAll(instructionAdvisors.orderedStream().toList());
            builder.defaultAdvisors(all);
        }
        return bean;
    }
}
