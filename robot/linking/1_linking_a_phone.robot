*** Settings ***
Documentation       The Polestar app is linked to the car, first by its owner, then by whoever else drives it.
...                 Polestar 2, Polestar Connect, chapter "Connecting the Polestar app to the vehicle".
Library             ConnectHil


*** Test Cases ***
An App That Is Not Linked Is Not Served
    [Documentation]    The services of the app need a link; without one the car does not even hear of it.
    [Tags]    A-01    procedure:unlinked-app
    Given The Owner's Phone Is Served
    Then The Guest's Phone Is Not Served

Linking Needs Coverage And Internet
    [Documentation]    Coverage for the car, Internet for the phone: without either nothing is linked, nor half linked.
    [Tags]    A-03    procedure:link-coverage
    Given No Phone Is Linked To The Car
    And Every Key Is In The Car
    And The Owner's Phone Is Ready To Be Linked By The Owner
    When The Car Is Without Coverage
    Then The Link Is Refused Without Coverage
    When The Car Has Coverage Again
    And The Owner's Phone Scans The QR Code On The Display
    And The Owner's Phone Loses Its Internet
    Then The Display Ends The Link For Want Of Internet On The Phone
    And Nothing Is Linked On Either Side

The VIN Is Read From The Centre Display
    [Documentation]    It is the one behind the windshield, and the one of every control unit.
    [Tags]    A-04    procedure:link-vin
    Given The Digital Key App Is Opened From The App View
    When The Owner Logs In With The Polestar ID
    Then The Display Shows The VIN Of The Windshield

The Owner Links The First Phone
    [Documentation]    Owner profile, every key inside, login, QR code, and the steps in app and display.
    [Tags]    A-05    A-06    A-08    A-11    procedure:link-first-user
    Given No Phone Is Linked To The Car
    And Every Key Is In The Car
    And The Owner Profile Is In Use
    When The Digital Key App Is Opened From The App View
    Then It Asks For A Polestar ID
    When The Owner Logs In With The Polestar ID
    And The Owner's Phone Is Logged In And Knows The VIN
    And The Owner's Phone Scans The QR Code On The Display
    And The Owner's Phone And The Display Lead Through The Steps
    Then The Owner's Phone Is Linked As Administrator

A Lost Key Is Blocked First
    [Documentation]    While it belongs to the car, no administrator can be linked without it.
    [Tags]    A-06    procedure:link-lost-key
    Given No Phone Is Linked To The Car
    And One Key Is In The Car
    And The Owner's Phone Is Ready To Be Linked By The Owner
    Then The Link Is Refused Until Every Key Is Inside
    When A Workshop Blocks The Lost Key
    And The Owner's Phone Scans The QR Code On The Display
    And The Owner's Phone And The Display Lead Through The Steps
    Then The Owner's Phone Is Linked As Administrator

A New Key Counts From Then On
    [Documentation]    Ordered from a workshop, it is one of the keys that have to be inside.
    [Tags]    A-06    procedure:link-ordered-key
    Given No Phone Is Linked To The Car
    And Every Key Is In The Car
    And The Owner's Phone Is Ready To Be Linked By The Owner
    When A Workshop Teaches The Car A New Key
    Then The Link Is Refused Until Every Key Is Inside
    When The New Key Is In The Car Too
    And The Owner's Phone Scans The QR Code On The Display
    And The Owner's Phone And The Display Lead Through The Steps
    Then The Owner's Phone Is Linked As Administrator

Another Driver Links A Phone
    [Documentation]    Once there is an administrator others follow, with one key in the car.
    [Tags]    A-02    A-07    procedure:link-further-user
    Given No Key Is In The Car
    And The Guest Profile Is In Use
    And The Guest's Phone Is Ready To Be Linked By The Guest
    Then The Link Is Refused Until One Key Is Inside
    When One Key Is In The Car
    And The Guest's Phone Scans The QR Code On The Display
    And The Guest's Phone And The Display Lead Through The Steps
    Then The Guest's Phone Is Linked As Further User
    And The Car Counts 2 Linked Users

Two Drivers Share A Polestar ID
    [Documentation]    Better to have one each: with one between them they are one user.
    [Tags]    A-09    procedure:link-shared-id
    Given One Key Is In The Car
    And The Guest Profile Is In Use
    And The New Phone Is Ready To Be Linked By The Owner
    When The New Phone Scans The QR Code On The Display
    And The New Phone And The Display Lead Through The Steps
    Then The New Phone Is Linked As Further User
    And The Car Counts 1 Linked Users

Data Sharing Has To Be On
    [Documentation]    Off, linking is refused with that reason; on again, the phone is linked.
    [Tags]    A-10    procedure:link-data-sharing
    Given No Phone Is Linked To The Car
    And Every Key Is In The Car
    And The Owner's Phone Is Ready To Be Linked By The Owner
    When Data Sharing Is Switched Off
    Then The Link Is Refused Without Data Sharing
    When Data Sharing Is Switched On
    And The Owner's Phone Scans The QR Code On The Display
    And The Owner's Phone And The Display Lead Through The Steps
    Then The Owner's Phone Is Linked As Administrator
