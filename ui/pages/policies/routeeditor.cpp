// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/routeeditor.h"

#include "ui/models/policylibrary.h"
#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

bool isSame(const StoredRoute& a, const StoredRoute& b)
{
    return a.name == b.name && a.from == b.from && a.to == b.to && a.prefix == b.prefix
        && a.path == b.path && a.regex == b.regex && a.policyIds == b.policyIds
        && a.passIdentityHeaders == b.passIdentityHeaders
        && a.showErrorDetails == b.showErrorDetails;
}

bool isHostUrl(const QString& text)
{
    const QUrl url(text, QUrl::StrictMode);
    return url.isValid() && !url.scheme().isEmpty() && !url.host().isEmpty();
}

} // namespace

RouteEditor::RouteEditor(const PolicyLibrary& library, QWidget* parent)
    : QWidget(parent)
    , m_library(library)
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(theme::spacing(3));
    form->setVerticalSpacing(theme::spacing(2));
    m_name = new QLineEdit(this);
    m_name->setObjectName(u"name"_s);
    m_name->setMaxLength(64);
    m_from = new QLineEdit(this);
    m_from->setObjectName(u"from"_s);
    m_from->setPlaceholderText(u"https://wiki.example.com"_s);
    m_to = new QPlainTextEdit(this);
    m_to->setObjectName(u"to"_s);
    m_to->setPlaceholderText(u"http://wiki.internal:8080"_s);
    m_to->setTabChangesFocus(true);
    m_to->setFixedHeight(fontMetrics().lineSpacing() * 4);
    m_matchKind = new QComboBox(this);
    m_matchKind->setObjectName(u"matchKind"_s);
    m_matchKind->setAccessibleName(tr("Which paths"));
    m_matchKind->addItem(tr("Every path"), QString());
    m_matchKind->addItem(tr("Paths that start with"), u"prefix"_s);
    m_matchKind->addItem(tr("Only the path"), u"path"_s);
    m_matchKind->addItem(tr("Paths that match"), u"regex"_s);
    m_match = new QLineEdit(this);
    m_match->setObjectName(u"match"_s);
    m_match->setAccessibleName(tr("Path"));
    auto* match = new QHBoxLayout;
    match->addWidget(m_matchKind);
    match->addWidget(m_match, 1);
    m_policies = new QListWidget(this);
    m_policies->setObjectName(u"policies"_s);
    m_policies->setAccessibleName(tr("Policies of this route"));
    m_passIdentity = new QCheckBox(tr("Pass the person's &identity to the service"), this);
    m_showErrors = new QCheckBox(tr("Show explanations on the e&rror page"), this);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("Fro&m"), m_from);
    form->addRow(tr("&To"), m_to);
    auto* paths = new QLabel(tr("&Paths"), this);
    paths->setBuddy(m_matchKind); // a layout is nothing a label could lead to
    form->addRow(paths, match);
    form->addRow(tr("P&olicies"), m_policies);
    form->addRow(QString(),
        makeMutedLabel(tr("A person gets in when one policy allows and none denies. A second "
                          "policy with an allow block only ever lets more people in."),
            this));
    form->addRow(QString(), m_passIdentity);
    form->addRow(QString(), m_showErrors);
    for (QLineEdit* edit : { m_name, m_from, m_match }) {
        connect(edit, &QLineEdit::textChanged, this, &RouteEditor::edited);
    }
    connect(m_to, &QPlainTextEdit::textChanged, this, &RouteEditor::edited);
    connect(m_matchKind, &QComboBox::currentIndexChanged, this, [this] {
        m_match->setVisible(!m_matchKind->currentData().toString().isEmpty());
        emit edited();
    });
    connect(m_policies, &QListWidget::itemChanged, this, &RouteEditor::edited);
    connect(m_passIdentity, &QCheckBox::toggled, this, &RouteEditor::edited);
    connect(m_showErrors, &QCheckBox::toggled, this, &RouteEditor::edited);
}

void RouteEditor::setRoute(const StoredRoute& stored)
{
    {
        const QSignalBlocker quiet(this);
        m_saved = stored;
        m_name->setText(stored.name);
        m_from->setText(stored.from);
        m_name->setCursorPosition(0);
        m_from->setCursorPosition(0);
        m_to->setPlainText(QStringList(stored.to.begin(), stored.to.end()).join(u'\n'));
        const QString kind = !stored.prefix.isEmpty() ? u"prefix"_s
            : !stored.path.isEmpty()                  ? u"path"_s
            : !stored.regex.isEmpty()                 ? u"regex"_s
                                                      : QString();
        m_matchKind->setCurrentIndex(m_matchKind->findData(kind));
        m_match->setText(stored.prefix + stored.path + stored.regex);
        m_match->setVisible(!kind.isEmpty());
        m_passIdentity->setChecked(stored.passIdentityHeaders);
        m_showErrors->setChecked(stored.showErrorDetails);
        showPolicies(stored.policyIds);
    }
    emit edited();
}

void RouteEditor::refreshPolicies()
{
    const QSignalBlocker quiet(this);
    showPolicies(chosenPolicies());
}

void RouteEditor::showPolicies(const std::vector<QString>& chosen)
{
    m_policies->clear();
    const auto add = [&](const QString& id, const QString& name, bool ticked) {
        auto* item = new QListWidgetItem(name, m_policies);
        item->setData(Qt::UserRole, id);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(ticked ? Qt::Checked : Qt::Unchecked);
    };
    for (const QString& id : chosen) { // in the route's own order, first
        const StoredPolicy* policy = m_library.policy(id);
        add(id, policy == nullptr ? id : policy->name, true);
    }
    for (const PolicyEntry& entry : m_library.policies()) {
        if (std::find(chosen.begin(), chosen.end(), entry.policy.id) == chosen.end()) {
            add(entry.policy.id, entry.policy.name, false);
        }
    }
}

std::vector<QString> RouteEditor::chosenPolicies() const
{
    std::vector<QString> ids;
    for (int i = 0; i < m_policies->count(); ++i) {
        if (m_policies->item(i)->checkState() == Qt::Checked) {
            ids.push_back(m_policies->item(i)->data(Qt::UserRole).toString());
        }
    }
    return ids;
}

StoredRoute RouteEditor::route() const
{
    StoredRoute changed = m_saved;
    changed.name = m_name->text().trimmed();
    changed.from = m_from->text().trimmed();
    changed.to.clear();
    for (const QString& line : m_to->toPlainText().split(u'\n', Qt::SkipEmptyParts)) {
        changed.to.push_back(line.trimmed());
    }
    const QString kind = m_matchKind->currentData().toString();
    const QString match = m_match->text().trimmed();
    changed.prefix = kind == u"prefix" ? match : QString();
    changed.path = kind == u"path" ? match : QString();
    changed.regex = kind == u"regex" ? match : QString();
    changed.policyIds = chosenPolicies();
    changed.passIdentityHeaders = m_passIdentity->isChecked();
    changed.showErrorDetails = m_showErrors->isChecked();
    return changed;
}

bool RouteEditor::isModified() const
{
    return !isSame(route(), m_saved);
}

QString RouteEditor::problem() const
{
    const StoredRoute now = route();
    if (now.name.isEmpty()) {
        return tr("The route needs a name.");
    }
    if (!isHostUrl(now.from)) {
        return tr("“From” needs a scheme and a host, as in https://wiki.example.com.");
    }
    if (now.to.empty()) {
        return tr("“To” needs at least one address.");
    }
    const auto wrong = std::find_if_not(now.to.begin(), now.to.end(), isHostUrl);
    if (wrong != now.to.end()) {
        return tr("“%1” in “To” needs a scheme and a host.").arg(*wrong);
    }
    const QString kind = m_matchKind->currentData().toString();
    return kind.isEmpty() || !m_match->text().trimmed().isEmpty()
        ? QString()
        : tr("Say which paths, or choose “Every path”.");
}

void RouteEditor::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

} // namespace portreeve
