package org.donotanswer.guard.springboot;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.GuardListener;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/** Collects the listeners of the guard, so that no verdict is counted twice. */
final class ListenerBeans {
    static final String METRICS = "guardMetrics";
    static final String OBSERVATIONS = "guardObservations";

    private ListenerBeans() {}

    /**
     * Returns all listeners in their order. The ones made for metrics and observations are left out if the application has its own of
     * the same type: a bean method that returns a {@code GuardListener} shows only now which type it is.
     */
    static List<GuardListener> of(ObjectProvider<GuardListener> listeners, BeanFactory beans) {
        List<GuardListener> all = new ArrayList<>(listeners.orderedStream().toList());
        for (String name : List.of(METRICS, OBSERVATIONS)) {
            if (beans.containsBean(name)) {
                Object made = beans.getBean(name);
                boolean has = all.stream().anyMatch(each -> each != made && each.getClass() == made.getClass());
                if (has) {
                    all.removeIf(each -> each == made);
                }
            }
        }
        return all;
    }
}
