<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>portreeve::ChangesPage</name>
    <message numerus="yes">
        <source>%Ln user(s)</source>
        <translation>
            <numerusform>%Ln user</numerusform>
            <numerusform>%Ln users</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln group(s)</source>
        <translation>
            <numerusform>%Ln group</numerusform>
            <numerusform>%Ln groups</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) stay until the provider lists them again.</source>
        <translation>
            <numerusform>%Ln row stays until the provider lists it again.</numerusform>
            <numerusform>%Ln rows stay until the provider lists them again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>• %Ln membership(s) point to nobody the provider lists.</source>
        <translation>
            <numerusform>• %Ln membership points to nobody the provider lists.</numerusform>
            <numerusform>• %Ln memberships point to nobody the provider lists.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::ExportDialog</name>
    <message numerus="yes">
        <source>Nothing is written until these %n problem(s) are solved:</source>
        <translation>
            <numerusform>Nothing is written until this problem is solved:</numerusform>
            <numerusform>Nothing is written until these %n problems are solved:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::GroupEditor</name>
    <message numerus="yes">
        <source>%1 — %2 · %Ln person(s)</source>
        <translation>
            <numerusform>%1 — %2 · %Ln person</numerusform>
            <numerusform>%1 — %2 · %Ln people</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::GroupPanel</name>
    <message numerus="yes">
        <source>Why “%1” is in here: %n path(s)</source>
        <translation>
            <numerusform>Why “%1” is in here: %n path</numerusform>
            <numerusform>Why “%1” is in here: %n paths</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>⚠ On a cycle of %n group(s), which all hold the same people: %1</source>
        <translation>
            <numerusform>⚠ On a cycle of %n group, which all hold the same people: %1</numerusform>
            <numerusform>⚠ On a cycle of %n groups, which all hold the same people: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not on a cycle. Groups of this connection nest up to %n level(s) deep.</source>
        <translation>
            <numerusform>Not on a cycle. Groups of this connection nest up to %n level deep.</numerusform>
            <numerusform>Not on a cycle. Groups of this connection nest up to %n levels deep.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::HeldView</name>
    <message numerus="yes">
        <source>%Ln row(s) concern a protected administrator and cannot be approved here. Take the protection off in the directory first.</source>
        <translation>
            <numerusform>%Ln row concerns a protected administrator and cannot be approved here. Take the protection off in the directory first.</numerusform>
            <numerusform>%Ln rows concern a protected administrator and cannot be approved here. Take the protection off in the directory first.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Let %Ln held change(s) through on “%1”?</source>
        <translation>
            <numerusform>Let %Ln held change through on “%1”?</numerusform>
            <numerusform>Let %Ln held changes through on “%1”?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keep %Ln row(s) of “%1” although the provider no longer lists them?</source>
        <translation>
            <numerusform>Keep %Ln row of “%1” although the provider no longer lists it?</numerusform>
            <numerusform>Keep %Ln rows of “%1” although the provider no longer lists them?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::MainWindow</name>
    <message numerus="yes">
        <source>%n task(s) are still running.</source>
        <translation>
            <numerusform>%n task is still running.</numerusform>
            <numerusform>%n tasks are still running.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::OverviewPage</name>
    <message numerus="yes">
        <source>%1 users and %2 groups from %n identity provider(s).</source>
        <translation>
            <numerusform>%1 users and %2 groups from %n identity provider.</numerusform>
            <numerusform>%1 users and %2 groups from %n identity providers.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them need(s) you.</source>
        <translation>
            <numerusform>%n of them needs you.</numerusform>
            <numerusform>%n of them need you.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n device link(s) approved beforehand wait(s) to be used.</source>
        <translation>
            <numerusform>%n device link approved beforehand waits to be used.</numerusform>
            <numerusform>%n device links approved beforehand wait to be used.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n device link(s) approved beforehand may be unused: the proxy does not say.</source>
        <translation>
            <numerusform>%n device link approved beforehand may be unused: the proxy does not say.</numerusform>
            <numerusform>%n device links approved beforehand may be unused: the proxy does not say.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n proxy(ies).</source>
        <translation>
            <numerusform>%n proxy.</numerusform>
            <numerusform>%n proxies.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::PlanSummary</name>
    <message numerus="yes">
        <source>%Ln record(s) were left out because they are not usable as they are.</source>
        <translation>
            <numerusform>%Ln record was left out because it is not usable as it is.</numerusform>
            <numerusform>%Ln records were left out because they are not usable as they are.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::PoliciesPage</name>
    <message numerus="yes">
        <source>“%1” guards %n route(s): %2. Take it off them first.</source>
        <translation>
            <numerusform>“%1” guards %n route: %2. Take it off them first.</numerusform>
            <numerusform>“%1” guards %n routes: %2. Take it off them first.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::PolicyBuilder</name>
    <message numerus="yes">
        <source>This policy has %n condition(s), too many for cards. Edit it as text.</source>
        <translation>
            <numerusform>This policy has %n condition, too many for cards. Edit it as text.</numerusform>
            <numerusform>This policy has %n conditions, too many for cards. Edit it as text.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::PolicyEditor</name>
    <message numerus="yes">
        <source>⚠ %n error(s)</source>
        <translation>
            <numerusform>⚠ %n error</numerusform>
            <numerusform>⚠ %n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>⚠ %n remark(s)</source>
        <translation>
            <numerusform>⚠ %n remark</numerusform>
            <numerusform>⚠ %n remarks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::PolicyListModel</name>
    <message numerus="yes">
        <source>%n orphaned group(s)</source>
        <translation>
            <numerusform>%n orphaned group</numerusform>
            <numerusform>%n orphaned groups</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::RunDetail</name>
    <message numerus="yes">
        <source>⚠ %Ln record(s) were left out because they were not usable.</source>
        <translation>
            <numerusform>⚠ %Ln record was left out because it was not usable.</numerusform>
            <numerusform>⚠ %Ln records were left out because they were not usable.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::SecretEdit</name>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::StatusLine</name>
    <message numerus="yes">
        <source>%n proxy(ies), the worst is %1: %2</source>
        <translation>
            <numerusform>%n proxy, the worst is %1: %2</numerusform>
            <numerusform>%n proxies, the worst is %1: %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s), the worst state first: %1</source>
        <translation>
            <numerusform>%n connection, the worst state first: %1</numerusform>
            <numerusform>%n connections, the worst state first: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TimeText</name>
    <message numerus="yes">
        <source>%n minute(s) ago</source>
        <translation>
            <numerusform>%n minute ago</numerusform>
            <numerusform>%n minutes ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s) ago</source>
        <translation>
            <numerusform>%n hour ago</numerusform>
            <numerusform>%n hours ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n minute(s)</source>
        <translation>
            <numerusform>in %n minute</numerusform>
            <numerusform>in %n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n hour(s)</source>
        <translation>
            <numerusform>in %n hour</numerusform>
            <numerusform>in %n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::UserPanel</name>
    <message numerus="yes">
        <source>Why in “%1”: %n path(s)</source>
        <translation>
            <numerusform>Why in “%1”: %n path</numerusform>
            <numerusform>Why in “%1”: %n paths</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::BlockDialog</name>
    <message numerus="yes">
        <source>%1 is refused on %n route(s).</source>
        <translation>
            <numerusform>%1 is refused on %n route.</numerusform>
            <numerusform>%1 is refused on %n routes.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 is let in again on %n route(s).</source>
        <translation>
            <numerusform>%1 is let in again on %n route.</numerusform>
            <numerusform>%1 is let in again on %n routes.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::DevicesPage</name>
    <message numerus="yes">
        <source>%n device(s) changed. It takes effect within 60 seconds.</source>
        <translation>
            <numerusform>%n device changed. It takes effect within 60 seconds.</numerusform>
            <numerusform>%n devices changed. It takes effect within 60 seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n vanished meanwhile.</source>
        <translation>
            <numerusform>%n vanished meanwhile.</numerusform>
            <numerusform>%n vanished meanwhile.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Revoke %n enrollment(s) of %1?</source>
        <translation>
            <numerusform>Revoke %n enrollment of %1?</numerusform>
            <numerusform>Revoke %n enrollments of %1?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Revoke %n device(s) of %1?</source>
        <translation>
            <numerusform>Revoke %n device of %1?</numerusform>
            <numerusform>Revoke %n devices of %1?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n device(s) revoked. It takes effect within 60 seconds.</source>
        <translation>
            <numerusform>%n device revoked. It takes effect within 60 seconds.</numerusform>
            <numerusform>%n devices revoked. It takes effect within 60 seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::LinksDialog</name>
    <message numerus="yes">
        <source>%n links created</source>
        <translation>
            <numerusform>%n link created</numerusform>
            <numerusform>%n links created</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Close with %n link(s) not yet copied, saved or mailed?</source>
        <translation>
            <numerusform>Close with %n link not yet copied, saved or mailed?</numerusform>
            <numerusform>Close with %n links not yet copied, saved or mailed?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>portreeve::NewEnrollmentDialog</name>
    <message numerus="yes">
        <source>%n link(s) to %1.</source>
        <translation>
            <numerusform>%n link to %1.</numerusform>
            <numerusform>%n links to %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s) to %1, until %2.</source>
        <translation>
            <numerusform>%n link to %1, until %2.</numerusform>
            <numerusform>%n links to %1, until %2.</numerusform>
        </translation>
    </message>
</context>
</TS>
