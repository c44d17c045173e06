// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/connectionform.h"

#include "ui/forms/optionsform.h"
#include "ui/pages/providers/connectionfields.h"
#include "ui/theme/theme.h"
#include "ui/widgets/surface.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

ConnectionForm::ConnectionForm(const ConnectorDescriptor& connector, Extent extent, QWidget* parent)
    : QWidget(parent)
    , m_connector(connector)
    , m_identity(new OptionsForm(connectionfields::identity(), {}, this))
    , m_options(new OptionsForm(
          connector.fields,
          [&connector](const OptionValues& values, const std::vector<QString>& present) {
              return validateOptions(connector, values, present);
          },
          this))
    , m_schedule(new OptionsForm(
          connectionfields::schedule(connector.capabilities),
          [fields = connectionfields::schedule(connector.capabilities)](
              const OptionValues& values, const std::vector<QString>&) {
              return connectionfields::checkSchedule(fields, values);
          },
          this))
{
    setObjectName(u"connectionForm"_s);
    setMaximumWidth(theme::formWidth());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(4));

    auto* card = new Card(tr("Connection"), this);
    const QString provider = QCoreApplication::translate("Connector", connector.name);
    if (!connector.helpUrl.isEmpty()) {
        auto* help = new QPushButton(theme::icon(u"link"_s), tr("%1 guide").arg(provider), card);
        help->setToolTip(connector.helpUrl);
        connect(help, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl(m_connector.helpUrl)); });
        card->addHeaderWidget(help);
    }
    card->setSubtitle(QCoreApplication::translate("Connector", connector.summary));
    card->body()->setSpacing(theme::spacing(3));
    card->body()->addWidget(m_identity);
    card->body()->addWidget(m_options);
    layout->addWidget(card);
    addCard(tr("Schedule"), tr("How often the directory is read."), m_schedule);
    if (extent == Extent::Everything) {
        m_limits = new OptionsForm(connectionfields::limits(), {}, this);
        m_rules = new OptionsForm(connectionfields::rules(connector.capabilities), {}, this);
        addCard(tr("Safety limits"),
            tr("A sync that passes one of these is held: additions go through, removals wait for "
               "you."),
            m_limits);
        addCard(tr("Rules"), tr("What of the directory is used, and how."), m_rules);
    }
    layout->addStretch(1);

    int width = 0;
    for (auto* form : forms()) {
        width = std::max(width, form->labelWidth());
        connect(form, &OptionsForm::edited, this, &ConnectionForm::edited);
    }
    for (auto* form : forms()) {
        form->setLabelWidth(width);
    }
}

void ConnectionForm::setConnection(const Connection& connection)
{
    m_connection = connection;
    m_identity->setValues(connectionfields::identityOf(connection), {});
    m_options->setValues(connection.options, connection.storedSecrets);
    m_schedule->setValues(connectionfields::scheduleOf(connection), {});
    if (m_limits != nullptr) {
        m_limits->setValues(connectionfields::limitsOf(connection), {});
        m_rules->setValues(connectionfields::rulesOf(connection), {});
    }
}

ConnectionEdit ConnectionForm::edit() const
{
    ConnectionEdit edit { .connection = m_connection,
        .typedSecrets = m_options->typedSecrets(),
        .removedSecrets = m_options->removedSecrets() };
    connectionfields::setIdentity(edit.connection, m_identity->values());
    connectionfields::setSchedule(edit.connection, m_schedule->values());
    edit.connection.provider = m_connector.id;
    edit.connection.options = m_options->values();
    if (m_limits != nullptr) {
        connectionfields::setLimits(edit.connection, m_limits->values());
        connectionfields::setRules(edit.connection, m_rules->values());
    }
    return edit;
}

bool ConnectionForm::isDirty() const
{
    const auto all = forms();
    return std::any_of(
        all.begin(), all.end(), [](const OptionsForm* form) { return form->isDirty(); });
}

bool ConnectionForm::check()
{
    bool isRight = true;
    for (auto* form : forms()) {
        isRight = form->check() && isRight;
    }
    return isRight;
}

QWidget* ConnectionForm::firstInvalid() const
{
    for (const auto* form : forms()) {
        if (auto* input = form->firstInvalid()) {
            return input;
        }
    }
    return nullptr;
}

bool ConnectionForm::showError(const Error& error)
{
    const QString text = error.what.translated() + u' ' + error.remedy.translated();
    const auto all = forms();
    return !error.field.isEmpty() && std::any_of(all.begin(), all.end(), [&](OptionsForm* form) {
        return form->showProblem(error.field, text);
    });
}

void ConnectionForm::addCard(const QString& title, const QString& subtitle, OptionsForm* form)
{
    auto* card = new Card(title, this);
    card->setSubtitle(subtitle);
    card->body()->addWidget(form);
    layout()->addWidget(card);
}

std::vector<OptionsForm*> ConnectionForm::forms() const
{
    std::vector<OptionsForm*> all { m_identity, m_options, m_schedule };
    if (m_limits != nullptr) {
        all.push_back(m_limits);
        all.push_back(m_rules);
    }
    return all;
}

} // namespace portreeve
