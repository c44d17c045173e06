// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/testpanel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/announce.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/iconlabel.h"
#include "ui/widgets/textlabel.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

TestPanel::TestPanel(QWidget* parent)
    : QWidget(parent)
    , m_steps(new QVBoxLayout)
    , m_error(new ErrorPanel(this))
{
    setObjectName(u"testPanel"_s);
    m_steps->setSpacing(theme::spacing(2));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(3));
    layout->addLayout(m_steps);
    layout->addWidget(m_error);
    hide();
}

void TestPanel::setReport(const TestReport& report)
{
    QStringList facts; // how many there are the steps say
    QStringList people;
    for (const auto& user : report.sampleUsers) {
        const QString name = user.displayName.isEmpty() ? user.login : user.displayName;
        people << tr("%1 (id %2)").arg(name, user.id);
    }
    if (!people.isEmpty()) {
        facts << tr("For example: %1").arg(people.join(u", "_s));
    }
    setSteps(report.steps, facts, report.failure);
}

void TestPanel::setSteps(const std::vector<TestStep>& steps, const QStringList& facts,
    const std::optional<Error>& failure)
{
    clear();
    for (const auto& step : steps) {
        addStep(step, failure);
    }
    for (const QString& fact : facts) {
        addLine(u"info"_s, true, fact)->setObjectName(u"testFact"_s);
    }
    m_error->setError(failure);
    show();
    announce(this, failure ? tr("The test failed.") : tr("The test passed."));
}

void TestPanel::setError(const Error& error)
{
    clear();
    m_error->setError(error);
    show();
}

void TestPanel::clear()
{
    while (auto* item = m_steps->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_error->clear();
    hide();
}

void TestPanel::addStep(const TestStep& step, const std::optional<Error>& failure)
{
    const bool isSaidBelow = !step.ok && failure && failure->what == step.what;
    QString what = isSaidBelow ? QString() : step.what.translated();
    if (!step.ok && !isSaidBelow && !step.remedy.isEmpty()) {
        what += u' ' + step.remedy.translated();
    }
    const QString text = what.isEmpty() ? step.title.translated()
                                        : tr("%1: %2").arg(step.title.translated(), what);
    auto* label = addLine(step.ok ? u"success"_s : u"error"_s, step.ok, text);
    label->setObjectName(u"testStep"_s);
    label->setAccessibleName(step.ok ? tr("Passed: %1").arg(text) : tr("Failed: %1").arg(text));
}

TextLabel* TestPanel::addLine(const QString& iconName, bool isGood, const QString& text)
{
    auto* line = new QWidget(this);
    auto* icon = new IconLabel(line);
    icon->setIcon(theme::icon(iconName, isGood ? theme::Role::Success : theme::Role::Error),
        theme::iconExtent());
    auto* layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(icon, 0, Qt::AlignTop);
    auto* label = makeTextLabel(text, line);
    layout->addWidget(label, 1);
    m_steps->addWidget(line);
    return label;
}

} // namespace portreeve
